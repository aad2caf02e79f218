import picocolors from 'picocolors';
import type { Colors } from 'picocolors/types.js';

const eraseLine = '\r\u001B[2K';

/** Lines on standard output, coloured on a terminal, with one status line at the bottom that comes and goes. */
export class Terminal {
  readonly colours: Colors;
  readonly #out: NodeJS.WriteStream;
  #status = '';

  constructor(out: NodeJS.WriteStream = process.stdout) {
    this.#out = out;
    this.colours = picocolors.createColors(out.isTTY && !process.env.NO_COLOR);
  }

  /** Whether a person looks on. */
  get isTerminal(): boolean {
    return this.#out.isTTY;
  }

  line(text = ''): void {
    this.#out.write(`${this.#status ? eraseLine : ''}${text}\n${this.#status}`);
  }

  /** What is being waited for; shown on terminals only, until the next status or ''. */
  status(text: string): void {
    if (!this.isTerminal) return;
    const erase = this.#status ? eraseLine : '';
    this.#status = text && this.colours.dim(text.slice(0, (this.#out.columns || 80) - 1));
    this.#out.write(erase + this.#status);
  }
}
