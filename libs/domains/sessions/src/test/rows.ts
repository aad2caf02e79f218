/** One click and one summary as they are sent; for specs. */
export const clickCells = {
  year: '2026',
  month: '9',
  day: '1',
  order: '1',
  country: '29',
  'session ID': '7',
  'page 1 (main category)': '1',
  'page 2 (clothing model)': 'A1',
  colour: '3',
  location: '2',
  'model photography': '1',
  price: '50',
  'price 2': '2',
  page: '1',
};

export const summaryCells = {
  Administrative: '1',
  Administrative_Duration: '12.5',
  Informational: '0',
  Informational_Duration: '0',
  ProductRelated: '20',
  ProductRelated_Duration: '600.25',
  BounceRates: '0',
  ExitRates: '0.02',
  PageValues: '0',
  SpecialDay: '0',
  Month: 'Nov',
  OperatingSystems: '2',
  Browser: '2',
  Region: '1',
  TrafficType: '2',
  VisitorType: 'New_Visitor',
  Weekend: 'FALSE',
  Revenue: '0',
};

type Cells<Row> = Readonly<Partial<Record<keyof Row, string>>>;
export type ClickRow = Cells<typeof clickCells>;

/** A click export with a row for each of `rows`, which say what differs from `clickCells`. */
export const clickExport = (...rows: readonly ClickRow[]): Uint8Array => csv(';', Object.keys(clickCells), rows.map((row) => ({ ...clickCells, ...row })));

/** The clicks 1, 2, 3 … of one session. */
export const clicksInOrder = (session: string, ...clicks: readonly ClickRow[]): ClickRow[] =>
  clicks.map((click, place) => ({ 'session ID': session, order: String(place + 1), ...click }));

/** A summary export, without the columns `without`. */
export function summaryExport(rows: ReadonlyArray<Cells<typeof summaryCells>>, without: ReadonlyArray<keyof typeof summaryCells> = []): Uint8Array {
  const columns = Object.keys(summaryCells).filter((name) => !without.some((left) => left === name));
  return csv(',', columns, rows.map((row) => ({ ...summaryCells, ...row })));
}

const csv = (separator: string, columns: readonly string[], rows: ReadonlyArray<Readonly<Record<string, string>>>): Uint8Array =>
  Buffer.from([columns, ...rows.map((row) => columns.map((name) => row[name] ?? ''))].map((cells) => cells.join(separator)).join('\n'));
