import { stripVTControlCharacters } from 'node:util';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

const gap = '  ';

/** Lines of text in columns: the titles, then the rows. Cells may hold colours. */
export function tableLines(columns: readonly Column[], rows: ReadonlyArray<readonly string[]>): readonly string[] {
  const titles = columns.map(({ title }) => title);
  const widths = columns.map((_, i) => Math.max(...[titles, ...rows].map((row) => widthOf(row[i] ?? ''))));
  const line = (row: readonly string[]) => columns.map(({ align }, i) => pad(row[i] ?? '', widths[i] ?? 0, align)).join(gap).trimEnd();
  return [line(titles), ...rows.map(line)];
}

const widthOf = (cell: string): number => stripVTControlCharacters(cell).length;

function pad(cell: string, width: number, align: Column['align']): string {
  const spaces = ' '.repeat(Math.max(0, width - widthOf(cell)));
  return align === 'right' ? spaces + cell : cell + spaces;
}
