import { styleText } from 'node:util';
import { type Column, tableLines } from './table.js';

export type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

const eraseLine = '\r\u001B[2K';

export interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** What a command says: to people in lines, or to programs as JSON. Colours and progress are for terminals. */
export class Output {
  constructor(
    private readonly streams: Streams,
    readonly json: boolean,
  ) {}

  /** All that a command found: as one JSON document, or as lines. */
  show(value: unknown, lines: () => readonly string[]): void {
    if (this.json) this.#write(JSON.stringify(value, undefined, 2));
    else for (const line of lines()) this.#write(line);
  }

  /** One of many things that come one after another: a line each, as JSON or as text. */
  stream(value: unknown, line: () => string): void {
    this.#write(this.json ? JSON.stringify(value) : line());
  }

  table(columns: readonly Column[], rows: ReadonlyArray<readonly string[]>): readonly string[] {
    const [titles = '', ...lines] = tableLines(columns, rows);
    return [this.colour('bold', titles), ...lines];
  }

  colour(colour: Colour, text: string): string {
    return this.json ? text : styleText(colour, text, { stream: this.streams.stdout });
  }

  /** A line beside the result, on standard error. */
  note(text: string): void {
    this.streams.stderr.write(`${text}\n`);
  }

  /** What is being waited for; on terminals only, until the next or ''. */
  status(text: string): void {
    const { stderr } = this.streams;
    if (stderr.isTTY) stderr.write(eraseLine + text.slice(0, (stderr.columns || 80) - 1));
  }

  #write(line: string): void {
    this.streams.stdout.write(`${line}\n`);
  }
}
