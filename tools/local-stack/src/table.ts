export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

const gap = '  ';

/** Lines of text in columns: the titles, then the rows. Cells hold no colours. */
export function tableLines(columns: readonly Column[], rows: ReadonlyArray<readonly string[]>): string[] {
  const titles = columns.map(({ title }) => title);
  const widths = columns.map((_, i) => Math.max(...[titles, ...rows].map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) => columns.map(({ align }, i) => pad(row[i] ?? '', widths[i] ?? 0, align)).join(gap).trimEnd();
  return [line(titles), ...rows.map(line)];
}

const pad = (cell: string, width: number, align: Column['align']): string => (align === 'right' ? cell.padStart(width) : cell.padEnd(width));
