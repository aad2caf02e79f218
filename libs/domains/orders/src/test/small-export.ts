import type { OrderDataset } from '../dataset/order-dataset.js';
import { readOrders } from './read-orders.js';

const columns = ['InvoiceNo', 'StockCode', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID', 'Description'];

/** A dataset from rows with these columns, of which a row may leave out the description; for specs. */
export function smallExport(...rows: readonly string[]): OrderDataset {
  const whole = rows.map((row) => (row.split(',').length < columns.length ? `${row},` : row));
  return readOrders(Buffer.from([columns.join(','), ...whole].join('\n')), 'csv').dataset;
}
