import { tableLines } from './table.js';

const mostRows = 10;
const mostColumns = 12;
const longestCell = 48;
const longestNote = 120;

/** Any JSON value as lines for people: names and values in columns, lists of records as tables, long lists cut. */
export function valueLines(value: unknown): string[] {
  if (Array.isArray(value)) return listLines(value);
  return isRecord(value) ? recordLines(value) : [cell(value)];
}

function recordLines(record: Readonly<Record<string, unknown>>): string[] {
  const entries = Object.entries(record).filter(([, value]) => value !== undefined);
  const width = Math.max(0, ...entries.map(([name]) => words(name).length));
  return entries.flatMap(([name, value]) => {
    const short = inline(value);
    if (short !== undefined) return [`${words(name).padEnd(width)}  ${short}`];
    return [words(name), ...valueLines(value).map((line) => `  ${line}`)];
  });
}

function listLines(list: readonly unknown[]): string[] {
  const shown = list.slice(0, mostRows);
  const more = list.length > shown.length ? [`… and ${list.length - shown.length} more`] : [];
  return [...(shown.every(isRecord) ? recordsLines(shown) : shown.flatMap((item) => bullet(valueLines(item)))), ...more];
}

type Records = ReadonlyArray<Readonly<Record<string, unknown>>>;

/** A table; what is too long for a column comes in lines of its own below its row. */
function recordsLines(records: Records): string[] {
  const names = [...new Set(records.flatMap(Object.keys))];
  const isLong = (name: string) => records.some((record) => sentences(record[name]).some((text) => text.length > longestCell));
  const align = (name: string) => (records.every((record) => typeof (record[name] ?? 0) === 'number') ? 'right' : 'left');
  const inColumns = names.filter((name) => !isLong(name)).slice(0, mostColumns);
  const columns = inColumns.map((name) => ({ title: words(name), align: align(name) }) as const);
  const [titles = '', ...rows] = tableLines(columns, records.map((record) => inColumns.map((name) => cell(record[name]))));
  const below = (record: Records[number]) => names.filter(isLong).flatMap((name) => sentences(record[name]).map((text) => `  ${cut(text, longestNote)}`));
  return [titles, ...records.flatMap((record, i) => [rows[i] ?? '', ...below(record)])];
}

/** A text, or the texts of a list. */
function sentences(value: unknown): string[] {
  const texts = Array.isArray(value) ? value : [value];
  return texts.filter((text) => typeof text === 'string').map(printable);
}

/** A value that fits on the line of its name. */
function inline(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    const text = value.some(isObject) ? undefined : value.map(cell).join(', ');
    return text !== undefined && text.length <= 80 ? text || 'none' : undefined;
  }
  if (!isRecord(value)) return cell(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return 'none';
  if (entries.some(([, inner]) => isObject(inner))) return undefined;
  const text = entries.map(([name, inner]) => `${words(name)} ${cell(inner)}`).join(', ');
  return text.length <= 80 ? text : undefined;
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '–';
  if (typeof value === 'number') return figure(value);
  const text = typeof value === 'string' ? value : (inlineObject(value) ?? JSON.stringify(value));
  return cut(printable(text), longestCell);
}

const cut = (text: string, longest: number): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
/** Without what moves the cursor or changes colours. */
const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ');

/** Four digits for small figures, cents for large ones. */
function figure(value: number): string {
  const digits = Math.abs(value) < 100 ? value.toPrecision(4) : value.toFixed(2);
  return String(Number.isInteger(value) ? value : Number(digits));
}

function inlineObject(value: unknown): string | undefined {
  return isObject(value) ? inline(value) : String(value);
}

const bullet = ([first = '', ...rest]: readonly string[]): string[] => [`· ${first}`, ...rest.map((line) => `  ${line}`)];
/** `orderCount`, `order_count` → `order count`. */
const words = (name: string): string => name.replaceAll('_', ' ').replaceAll(/([a-z\d])([A-Z])/g, (_, before: string, upper: string) => `${before} ${upper.toLowerCase()}`);
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => isObject(value) && !Array.isArray(value);
