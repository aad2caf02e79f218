import type { SourceFile } from '@millrace/domain';
import { orderErrors } from '../errors.js';
import type { ShopMinute } from '../shop-time.js';

/** Usable order lines as columns; `invoice`, `product` and `customer` are positions in the tables above the lines. */
export interface OrderDataset {
  /** What it was made of, in that order. */
  readonly files: readonly SourceFile[];
  /** Ids of known customers. */
  readonly customers: readonly string[];
  readonly products: { readonly code: readonly string[]; readonly description: readonly string[] };
  readonly invoices: {
    readonly number: readonly string[];
    /** A position in `customers`, or −1 for a guest. */
    readonly customer: readonly number[];
    /** Of the invoice's first line. */
    readonly minute: readonly ShopMinute[];
  };
  readonly lines: {
    readonly invoice: readonly number[];
    readonly product: readonly number[];
    readonly quantity: readonly number[];
    /** In ten-thousandths; positive. */
    readonly price: readonly number[];
    /** The row, counted from 1 through all files. */
    readonly row: readonly number[];
  };
}

const version = 2;

export const encodeDataset = (dataset: OrderDataset): Uint8Array => Buffer.from(JSON.stringify({ version, ...dataset }));

/** Throws MILLRACE_ORDERS_DATASET_VERSION for anything but what `encodeDataset` wrote. The bytes come verified from the artifact store. */
export function decodeDataset(bytes: Uint8Array): OrderDataset {
  const { version: found, ...dataset } = JSON.parse(new TextDecoder().decode(bytes)) as OrderDataset & { readonly version: unknown };
  if (found === version) return dataset;
  throw orderErrors.error('MILLRACE_ORDERS_DATASET_VERSION', `the dataset is not of version ${version}; send the data again`);
}
