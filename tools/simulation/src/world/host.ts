import { Life } from './life.js';
import type { World } from './world.js';

/** The clock of a process is off by this at most, in milliseconds. */
export const mostSkewMs = 250;

/** Puts the classes of a process together, anew for each life, and starts them. */
export type Boot = (life: Life) => void;

/** A place where a process runs: killed, it is started again after 20 to 220 ms. */
export class Host {
  #life: Life;
  #lives = 0;

  constructor(
    readonly name: string,
    private readonly world: World,
    private readonly boot: Boot,
  ) {
    this.#life = this.#begin();
  }

  get life(): Life {
    return this.#life;
  }

  #begin(): Life {
    this.#lives += 1;
    const skewMs = this.world.chance(0.3) ? Math.round(this.world.between(-mostSkewMs, mostSkewMs)) : 0;
    const life = new Life(`${this.name}#${this.#lives}`, this.world, { skewMs, onKilled: () => this.#again() });
    this.world.note(life.name, 'starts');
    this.boot(life);
    return life;
  }

  #again(): void {
    this.world.after(this.world.between(20, 220), () => {
      this.#life = this.#begin();
    });
  }
}
