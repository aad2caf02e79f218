import type { RowColumns } from '@millrace/frame';
import { type Day, dayOf } from '../day.js';
import { parseDecimal, parseWhole } from '../numbers.js';

/** The columns of a click export; all others are ignored. */
export const clickColumns = {
  required: [
    'session ID',
    'order',
    'year',
    'month',
    'day',
    'country',
    'page 1 (main category)',
    'page 2 (clothing model)',
    'location',
    'model photography',
    'price',
    'price 2',
    'page',
  ],
  optional: [],
} satisfies RowColumns;

/** The code of the main category that is the sale. */
export const saleCategory = 4;

/** One click of a session on a product. */
export interface Click {
  readonly session: string;
  /** Its place in the session, from 1. */
  readonly order: number;
  readonly day: Day;
  /** A code of the export, 1 to 47. */
  readonly country: number;
  /** 1 trousers, 2 skirts, 3 blouses, 4 the sale. */
  readonly category: number;
  readonly model: string;
  /** Of the picture on the page: 1 to 3 in the upper row, 4 to 6 in the lower. */
  readonly location: number;
  /** 1 en face, 2 profile. */
  readonly photography: number;
  readonly price: number;
  /** 1 when the price is above the category's mean, else 0. */
  readonly dear: number;
  /** Of the category's pages, 1 to 5. */
  readonly page: number;
}

/** Why a click cannot be read. The first that applies counts, in this order. */
export type ClickFault =
  | 'missing-session'
  | 'bad-order'
  | 'bad-date'
  | 'bad-country'
  | 'bad-category'
  | 'missing-model'
  | 'bad-location'
  | 'bad-photography'
  | 'bad-price'
  | 'bad-price-2'
  | 'bad-page';

/** The click, or what is wrong with it, from cells in the order of `clickColumns`. */
export function parseClick(cells: readonly string[]): Click | ClickFault {
  const [session = '', orderText = '', year = '', month = '', date = '', countryText = '', categoryText = '', model = '', ...product] = cells;
  const order = parseWhole(orderText, 1, 1_000_000);
  const day = parseDay(year, month, date);
  const country = parseWhole(countryText, 1, 47);
  const category = parseWhole(categoryText, 1, saleCategory);
  if (session.trim() === '') return 'missing-session';
  if (order === undefined) return 'bad-order';
  if (day === undefined) return 'bad-date';
  if (country === undefined) return 'bad-country';
  if (category === undefined) return 'bad-category';
  if (model.trim() === '') return 'missing-model';
  const shown = parseShown(product);
  return typeof shown === 'string' ? shown : { session: session.trim(), order, day, country, category, model: model.trim(), ...shown };
}

type Shown = Pick<Click, 'location' | 'photography' | 'price' | 'dear' | 'page'>;

function parseShown([locationText = '', photographyText = '', priceText = '', dearText = '', pageText = '']: readonly string[]): Shown | ClickFault {
  const location = parseWhole(locationText, 1, 6);
  const photography = parseWhole(photographyText, 1, 2);
  const price = parseDecimal(priceText, 1_000_000);
  const comparison = parseWhole(dearText, 1, 2);
  const page = parseWhole(pageText, 1, 5);
  if (location === undefined) return 'bad-location';
  if (photography === undefined) return 'bad-photography';
  if (price === undefined || price === 0) return 'bad-price';
  if (comparison === undefined) return 'bad-price-2';
  if (page === undefined) return 'bad-page';
  return { location, photography, price, dear: comparison === 1 ? 1 : 0, page };
}

function parseDay(yearText: string, monthText: string, dayText: string): Day | undefined {
  const year = parseWhole(yearText, 1970, 9999);
  const month = parseWhole(monthText, 1, 12);
  const day = parseWhole(dayText, 1, 31);
  return year === undefined || month === undefined || day === undefined ? undefined : dayOf(year, month, day);
}
