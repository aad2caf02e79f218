import { type RowFormat, readRows } from '@millrace/frame';
import { FeedbackCollector } from '../dataset/read-feedback.js';
import { feedbackColumns, type FeedbackKind } from '../message-columns.js';

/** What the dataset task makes of one file; for specs. */
export function readFeedback(text: Uint8Array, format: RowFormat, kind: FeedbackKind) {
  const feedback = new FeedbackCollector();
  const rows = readRows(text, format, feedbackColumns[kind], feedback.taker(kind));
  return { dataset: feedback.dataset([{ name: 'file 1', rows: rows.rows }]), totals: feedback.totals, rows };
}
