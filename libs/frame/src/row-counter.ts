import { rowErrors } from './errors.js';
import { rowLimits, type RowReport } from './rows.js';

/** Counts rows as they are read, and keeps the first few numbers of the rejected ones. */
export class RowCounter {
  #rows = 0;
  #accepted = 0;
  #misfits = 0;
  readonly #rejected = new Map<string, { count: number; readonly examples: number[] }>();

  /** The number of the row that comes next. Throws MILLRACE_ROWS_TOO_MANY. */
  next(): number {
    if (this.#rows === rowLimits.rows) throw rowErrors.error('MILLRACE_ROWS_TOO_MANY', `the file has more than ${rowLimits.rows} rows; split it`);
    this.#rows += 1;
    return this.#rows;
  }

  /** Files the current row under `reason`, or under accepted without one. */
  settle(reason: string | undefined): void {
    if (reason === undefined) {
      this.#accepted += 1;
      return;
    }
    const entry = this.#rejected.get(reason) ?? { count: 0, examples: [] };
    entry.count += 1;
    if (entry.examples.length < rowLimits.examples) entry.examples.push(this.#rows);
    this.#rejected.set(reason, entry);
  }

  /** Files a row that could not even be read; throws MILLRACE_ROWS_MALFORMED after 10,000 of them. */
  misfit(reason: string): void {
    this.settle(reason);
    this.#misfits += 1;
    if (this.#misfits > rowLimits.misfits) throw notRows(reason, this.#rows);
  }

  /** Throws MILLRACE_ROWS_EMPTY when there was no row. */
  report(): RowReport {
    if (this.#rows === 0) throw rowErrors.error('MILLRACE_ROWS_EMPTY', 'the file has no rows; send at least one');
    const entries = [...this.#rejected];
    return {
      rows: this.#rows,
      accepted: this.#accepted,
      rejected: Object.fromEntries(entries.map(([reason, { count }]) => [reason, count])),
      examples: Object.fromEntries(entries.map(([reason, { examples }]) => [reason, examples])),
    };
  }
}

const notRows = (reason: string, row: number): Error =>
  rowErrors.error('MILLRACE_ROWS_MALFORMED', `more than ${rowLimits.misfits} rows cannot be read, the last one is row ${row} (${reason}); check what kind of file it is`, {
    detail: { row, reason },
  });
