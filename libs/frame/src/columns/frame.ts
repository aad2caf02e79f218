import { type Column, lengthOf, type NumberColumn, type TextColumn } from './column.js';
import { frameErrors } from './errors.js';

/** A table by columns, in typed arrays. Immutable by agreement: nothing copies the arrays. */
export class Frame {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Column>;

  /** Throws MILLRACE_FRAME_COLUMN when the columns are not of one length. */
  constructor(columns: Iterable<readonly [name: string, column: Column]>) {
    this.columns = new Map(columns);
    const lengths = [...this.columns.values()].map(lengthOf);
    this.rows = lengths[0] ?? 0;
    const odd = [...this.columns].find(([, column]) => lengthOf(column) !== this.rows);
    if (odd) throw frameErrors.error('MILLRACE_FRAME_COLUMN', `column ${JSON.stringify(odd[0])} has ${lengthOf(odd[1])} rows, others have ${this.rows}`);
  }

  get names(): readonly string[] {
    return [...this.columns.keys()];
  }

  /** Throws MILLRACE_FRAME_COLUMN unless there is such a column of numbers. */
  number(name: string): NumberColumn {
    const column = this.columns.get(name);
    if (column && column.kind !== 'text') return column;
    throw this.#none(name, 'numbers');
  }

  /** Throws MILLRACE_FRAME_COLUMN unless there is such a column of text. */
  text(name: string): TextColumn {
    const column = this.columns.get(name);
    if (column?.kind === 'text') return column;
    throw this.#none(name, 'text');
  }

  /** '' where there is none. */
  textAt(name: string, row: number): string {
    const { codes, names } = this.text(name);
    return names[codes[row] ?? -1] ?? '';
  }

  /**
   * Columns of numbers as a model takes them: row by row, NaN where there is no number. One float32 column without missing
   * numbers is given as it is, without a copy.
   */
  matrix(names: readonly string[]): Float32Array {
    const columns = names.map((name) => this.number(name));
    const [only] = columns;
    if (columns.length === 1 && only?.values instanceof Float32Array && !only.missing) return only.values;
    const matrix = new Float32Array(this.rows * columns.length);
    for (const [place, { values, missing }] of columns.entries()) {
      for (let row = 0; row < this.rows; row++) matrix[row * columns.length + place] = missing?.[row] === 1 ? NaN : (values[row] ?? NaN);
    }
    return matrix;
  }

  #none(name: string, kind: string): Error {
    const there = [...this.columns].map(([each, column]) => `${each} (${column.kind})`).join(', ');
    return frameErrors.error('MILLRACE_FRAME_COLUMN', `there is no column of ${kind} named ${JSON.stringify(name)}, only ${there}`);
  }
}
