import type { World } from '../world/world.js';
import type { Cluster } from './cluster.js';

/** Kills and pauses processes at random until `until`, in milliseconds since the beginning. */
export class Nemesis {
  constructor(
    private readonly world: World,
    private readonly cluster: Cluster,
    private readonly until: number,
  ) {
    this.#next();
  }

  #next(): void {
    this.world.after(this.world.between(100, 700), () => {
      if (this.world.elapsed >= this.until) return;
      this.#strike();
      this.#next();
    });
  }

  #strike(): void {
    const life = this.world.pick(this.cluster.hosts)?.life;
    if (!life) return;
    if (this.world.chance(0.35)) life.pause(this.world.between(2_000, 7_000));
    else life.killAfter(1 + Math.floor(this.world.random.next() * 4));
  }
}
