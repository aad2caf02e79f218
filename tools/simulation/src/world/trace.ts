/** What happened in a simulation: always as a hash, on request as lines. */
export class Trace {
  readonly lines: string[] = [];
  #a = 0x811c9dc5;
  #b = 0x9747b28c;

  constructor(readonly keeps: boolean) {}

  /** `at`: milliseconds since the simulation began. */
  note(at: number, actor: string, what: string): void {
    const line = lineOf(at, actor, what);
    for (let i = 0; i < line.length; i++) {
      const code = line.charCodeAt(i);
      this.#a = Math.imul(this.#a ^ code, 0x01000193);
      this.#b = Math.imul(this.#b ^ code, 0x85ebca6b);
    }
    if (this.keeps) this.lines.push(line);
  }

  /** For readers only: no part of the hash. */
  aside(at: number, actor: string, what: string): void {
    if (this.keeps) this.lines.push(lineOf(at, actor, what));
  }

  get hash(): string {
    return [this.#a, this.#b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

const lineOf = (at: number, actor: string, what: string): string => `${at.toFixed(1).padStart(9)} ${actor.padEnd(15)} ${what}`;
