export { readCsv } from './csv.js';
export { rowErrors } from './errors.js';
export { readNdjson } from './ndjson.js';
export { readRows } from './read-rows.js';
export { type RowColumns, type RowFormat, rowLimits, type RowReport, type TakeRow } from './rows.js';
export { announcedColumns, formatOf } from './sniff.js';
