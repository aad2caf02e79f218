import { type RowColumns, rowLimits } from './rows.js';

/** The wanted cells of a JSON value, or why there are none. */
export type CellsOf = (value: unknown) => readonly string[] | string;

/**
 * Numbers and booleans become their JSON text, null and absent keys ''. Values of other kinds are `not-an-object`, `too-many-columns`
 * or, with an object or array in a wanted column, `nested-value`.
 */
export function objectCells({ required, optional }: RowColumns): CellsOf {
  const names = [...required, ...optional];
  return (value) => {
    if (!isObject(value)) return 'not-an-object';
    if (Object.keys(value).length > rowLimits.columns) return 'too-many-columns';
    const cells: string[] = [];
    for (const name of names) {
      const cell = Object.hasOwn(value, name) ? value[name] : null;
      if (typeof cell === 'object' && cell !== null) return 'nested-value';
      cells.push(cell === null ? '' : String(cell));
    }
    return cells;
  };
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
