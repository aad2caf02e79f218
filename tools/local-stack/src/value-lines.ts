import { tableLines } from './table.js';

const mostRows = 10;
const mostColumns = 8;
const longestCell = 48;

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
  if (!shown.every(isRecord)) return [...shown.flatMap((item) => bullet(valueLines(item))), ...more];
  const names = [...new Set(shown.flatMap(Object.keys))].slice(0, mostColumns);
  const align = (name: string) => (shown.every((row) => typeof (row[name] ?? 0) === 'number') ? 'right' : 'left');
  const columns = names.map((name) => ({ title: words(name), align: align(name) }) as const);
  return [...tableLines(columns, shown.map((row) => names.map((name) => cell(row[name])))), ...more];
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
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
  const text = typeof value === 'string' ? value : (inlineObject(value) ?? JSON.stringify(value));
  const clean = text.replaceAll(/\p{Cc}/gu, ' ');
  return clean.length > longestCell ? `${clean.slice(0, longestCell - 1)}…` : clean;
}

function inlineObject(value: unknown): string | undefined {
  return isObject(value) ? inline(value) : String(value);
}

const bullet = ([first = '', ...rest]: readonly string[]): string[] => [`· ${first}`, ...rest.map((line) => `  ${line}`)];
/** `orderCount`, `order_count` → `order count`. */
const words = (name: string): string => name.replaceAll('_', ' ').replaceAll(/([a-z\d])([A-Z])/g, (_, before: string, upper: string) => `${before} ${upper.toLowerCase()}`);
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => isObject(value) && !Array.isArray(value);
