import type { World } from '../world/world.js';
import type { Cluster } from './cluster.js';

/** Kills and pauses processes at random until `until`, in milliseconds since the beginning. */
export function unleashNemesis(world: World, cluster: Cluster, until: number): void {
  world.after(world.between(100, 700), () => {
    if (world.elapsed >= until) return;
    strike(world, cluster);
    unleashNemesis(world, cluster, until);
  });
}

function strike(world: World, cluster: Cluster): void {
  const life = world.pick(cluster.hosts)?.life;
  if (!life) return;
  if (world.chance(0.35)) life.pause(world.between(2_000, 7_000));
  else life.killAfter(1 + Math.floor(world.random.next() * 4));
}
