import { type ClickDataset, clicksOf } from '../clicks/click-dataset.js';
import { matrixOf } from '../matrix.js';
import { sumOf } from '../numbers.js';
import { watchedClicks } from './watched.js';

/**
 * What the model sees of a session's first clicks. The Python twin is tools/models/sessions-sale/features.py; change both or neither.
 * A place counts the pictures of a category from 1: six on a page.
 */
export const saleFeatures = [
  'clicks',
  'from_poland',
  'from_czechia',
  'from_lithuania',
  'from_net',
  'from_elsewhere',
  'clicks_on_trousers',
  'clicks_on_skirts',
  'clicks_on_blouses',
  'begins_with_trousers',
  'begins_with_skirts',
  'begins_with_blouses',
  'now_at_trousers',
  'now_at_skirts',
  'now_at_blouses',
  'categories',
  'models',
  'switches',
  'steps_up',
  'steps_down',
  'category_progress',
  'clicks_in_category',
  'price_mean',
  'price_first',
  'price_last',
  'price_lowest',
  'price_change',
  'dear_share',
  'page_highest',
  'page_last',
  'pages_back',
  'later_page_share',
  'place_mean',
  'place_last',
  'top_row_share',
  'profile_share',
] as const;

export type SaleFeatures = Readonly<Record<(typeof saleFeatures)[number], number>>;

const countries = { poland: 29, czechia: 9, lithuania: 24, net: 46 } as const;
const frequentCountries = new Set([29, 9, 24, 46, 44, 21, 16, 34, 41]);
const [trousers, skirts, blouses] = [1, 2, 3] as const;
const picturesOnPage = 6;

/** Of the session's first `watchedClicks` clicks, whatever they are; there has to be one. */
export function saleFeaturesOf(dataset: ClickDataset, session: number): SaleFeatures {
  const [from, to] = clicksOf(dataset, session);
  const seen = (name: keyof ClickDataset['clicks']): readonly number[] => dataset.clicks[name].slice(from, Math.min(to, from + watchedClicks));
  const locations = seen('location');
  const pages = seen('page');
  const places = pages.map((page, click) => (page - 1) * picturesOnPage + (locations[click] ?? 0));
  return {
    clicks: pages.length,
    ...countryFeatures(dataset.sessions.country[session] ?? 0),
    ...categoryFeatures(seen('category')),
    models: new Set(seen('model')).size,
    ...priceFeatures(seen('price')),
    dear_share: share(seen('dear'), (dear) => dear === 1),
    ...pageFeatures(pages),
    place_mean: sumOf(places) / places.length,
    place_last: last(places),
    top_row_share: share(locations, (location) => location <= 3),
    profile_share: share(seen('photography'), (photography) => photography === 2),
  };
}

const countryFeatures = (country: number) => ({
  from_poland: flag(country === countries.poland),
  from_czechia: flag(country === countries.czechia),
  from_lithuania: flag(country === countries.lithuania),
  from_net: flag(country === countries.net),
  from_elsewhere: flag(!frequentCountries.has(country)),
});

function categoryFeatures(categories: readonly number[]) {
  const steps = stepsOf(categories);
  const [first, now] = [categories[0] ?? 0, last(categories)];
  return {
    clicks_on_trousers: count(categories, (category) => category === trousers),
    clicks_on_skirts: count(categories, (category) => category === skirts),
    clicks_on_blouses: count(categories, (category) => category === blouses),
    begins_with_trousers: flag(first === trousers),
    begins_with_skirts: flag(first === skirts),
    begins_with_blouses: flag(first === blouses),
    now_at_trousers: flag(now === trousers),
    now_at_skirts: flag(now === skirts),
    now_at_blouses: flag(now === blouses),
    categories: new Set(categories).size,
    switches: count(steps, (step) => step !== 0),
    steps_up: count(steps, (step) => step > 0),
    steps_down: count(steps, (step) => step < 0),
    category_progress: now - first,
    clicks_in_category: categories.length - 1 - steps.findLastIndex((step) => step !== 0),
  };
}

const priceFeatures = (prices: readonly number[]) => ({
  price_mean: sumOf(prices) / prices.length,
  price_first: prices[0] ?? 0,
  price_last: last(prices),
  price_lowest: Math.min(...prices),
  price_change: last(prices) - (prices[0] ?? 0),
});

const pageFeatures = (pages: readonly number[]) => ({
  page_highest: Math.max(...pages),
  page_last: last(pages),
  pages_back: count(stepsOf(pages), (step) => step < 0),
  later_page_share: share(pages, (page) => page > 1),
});

const flag = (holds: boolean): number => (holds ? 1 : 0);
const last = (values: readonly number[]): number => values.at(-1) ?? 0;
const count = (values: readonly number[], wanted: (value: number) => boolean): number => values.filter(wanted).length;
const share = (values: readonly number[], wanted: (value: number) => boolean): number => count(values, wanted) / values.length;
const stepsOf = (values: readonly number[]): number[] => values.slice(1).map((value, before) => value - (values[before] ?? 0));

/** The model's input for those of `sessions` from `from` to `to`, exclusively. */
export const saleMatrix = (dataset: ClickDataset, sessions: readonly number[], from: number, to: number): Float32Array =>
  matrixOf(saleFeatures, from, to, (row) => saleFeaturesOf(dataset, sessions[row] ?? 0));
