import { parse } from 'csv-parse/sync';
import type { RowFormat } from './rows.js';

const ndjsonTypes = new Set(['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines']);

/** NDJSON when the media type says so or the text begins with a brace; CSV otherwise. */
export function formatOf(contentType: string, head: string): RowFormat {
  return ndjsonTypes.has(contentType) || firstLine(head).startsWith('{') ? 'ndjson' : 'csv';
}

/** The column names that the beginning of a row file announces: its CSV header, or the keys of its first object. Empty when it has neither. */
export function announcedColumns(format: RowFormat, head: string): readonly string[] {
  const line = firstLine(head);
  try {
    return format === 'csv' ? headerOf(line) : keysOf(JSON.parse(line));
  } catch {
    return []; // not a row file
  }
}

const firstLine = (head: string): string => head.replace(/^\uFEFF/, '').trimStart().split('\n', 1)[0]?.trim() ?? '';

const headerOf = (line: string): readonly string[] => (parse(line)[0] ?? []).map((name) => name.trim());

const keysOf = (value: unknown): readonly string[] => (typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []);
