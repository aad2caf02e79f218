import { type Column, type ColumnKinds, type Frame, FrameBuilder, type RowOf } from '@millrace/frame';
import type { DataFrame } from 'danfojs-node';
import { loadDanfo } from './load-danfo.js';

/** A DataFrame with a copy of the frame's columns: NaN for missing numbers, '' for missing text. For some thousands of rows; beyond that, work on the frame. */
export async function toDanfo(frame: Frame): Promise<DataFrame> {
  const { DataFrame: Made } = await loadDanfo();
  return new Made(Object.fromEntries([...frame.columns].map(([name, column]) => [name, valuesOf(column)])), { dtypes: [...frame.columns.values()].map(dtypeOf) });
}

/** A frame with a copy of a DataFrame's columns; NaN, null and undefined are missing, booleans 1 and 0. The index is left out. */
export function fromDanfo(frame: DataFrame): Frame {
  const names = frame.columns.map(String);
  const kinds: ColumnKinds = Object.fromEntries(names.map((name, at) => [name, kindOf(frame.dtypes[at])]));
  const builder = new FrameBuilder(kinds);
  for (const row of frame.values as ReadonlyArray<readonly unknown[]>) {
    const cells = names.map((name, at) => [name, kinds[name] === 'text' ? textOf(row[at]) : numberOf(row[at])] as const);
    builder.add(Object.fromEntries(cells) as RowOf<ColumnKinds>);
  }
  return builder.build();
}

function valuesOf(column: Column): Array<number | string> {
  if (column.kind === 'text') return Array.from(column.codes, (code) => column.names[code] ?? '');
  const { values, missing } = column;
  return Array.from(values, (value, row) => (missing?.[row] === 1 ? NaN : value));
}

const dtypeOf = (column: Column): string => (column.kind === 'text' ? 'string' : column.kind === 'int32' && !column.missing ? 'int32' : 'float32');

const kindOf = (dtype: string | undefined): Column['kind'] => (dtype === 'int32' || dtype === 'boolean' ? 'int32' : dtype === 'float32' ? 'float64' : 'text');

function numberOf(value: unknown): number | null {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  return Number(value);
}

const textOf = (value: unknown): string | null => (value === null || value === undefined || Number.isNaN(value) ? null : String(value));
