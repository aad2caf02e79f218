import { JSONParser } from '@streamparser/json';
import { parse } from 'csv-parse/sync';
import { isObject } from './object-cells.js';
import type { RowFormat } from './rows.js';

const ndjsonTypes = new Set(['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines']);
/** An array of objects, or an object with an array under `rows` before any other array or object. */
const jsonBeginning = /^(?:\[\s*[{\]]|\{[^[{]*"rows"\s*:\s*\[)/;

/** NDJSON or JSON when the media type says so or the text begins like it; CSV otherwise. `head` is the beginning of the text. */
export function formatOf(contentType: string, head: string): RowFormat {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const text = textOf(head);
  if (ndjsonTypes.has(type)) return 'ndjson';
  if (jsonBeginning.test(text) || (type === 'application/json' && text.startsWith('['))) return 'json';
  return text.startsWith('{') ? 'ndjson' : 'csv';
}

/** The column names that the beginning of a row file announces: its CSV header, or the keys of its first object. Empty when it has neither. */
export function announcedColumns(format: RowFormat, head: string): readonly string[] {
  const text = textOf(head);
  const line = text.split('\n', 1)[0]?.trim() ?? '';
  try {
    if (format === 'csv') return headerOf(line);
    return keysOf(format === 'json' ? firstRow(text) : JSON.parse(line));
  } catch {
    return []; // not a row file
  }
}

const textOf = (head: string): string => head.replace(/^\uFEFF/, '').trimStart();

const headerOf = (line: string): readonly string[] => (parse(line)[0] ?? []).map((name) => name.trim());

const keysOf = (value: unknown): readonly string[] => (isObject(value) ? Object.keys(value) : []);

function firstRow(text: string): unknown {
  const parser = new JSONParser({ paths: [text.startsWith('[') ? '$.0' : '$.rows.0'], keepStack: false });
  let first: unknown;
  parser.onValue = ({ value }) => {
    first ??= value;
  };
  parser.write(text);
  return first;
}
