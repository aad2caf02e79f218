import { type RowFormat, readRows } from '@millrace/frame';
import { OrderCollector } from '../dataset/read-orders.js';
import { orderColumns } from '../order-columns.js';

/** What the dataset task makes of one export; for specs. */
export function readOrders(text: Uint8Array, format: RowFormat) {
  const orders = new OrderCollector();
  const rows = readRows(text, format, orderColumns, orders.taker());
  return { dataset: orders.dataset([{ name: 'file 1', rows: rows.rows }]), totals: orders.totals, rows };
}
