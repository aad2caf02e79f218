import type { RowColumns } from '@millrace/frame';

/** The columns of an order-line export; without the optional ones all lines are of guests and undescribed. */
export const orderColumns = {
  required: ['InvoiceNo', 'StockCode', 'Quantity', 'InvoiceDate', 'UnitPrice'],
  optional: ['CustomerID', 'Description', 'Country'],
} as const satisfies RowColumns;
