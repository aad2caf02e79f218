import type { Day } from '../day.js';
import type { Click } from './click.js';
import type { ClickDataset } from './click-dataset.js';
import { Dictionary } from './dictionary.js';

/** Why a click does not fit those before it. */
export type ClickConflict = 'mixed-days' | 'mixed-countries' | 'duplicate' | 'repeated-order';

interface Kept extends Click {
  readonly at: number;
  readonly product: number;
}

/** Collects clicks, in any order, into sessions. */
export class ClickBuilder {
  readonly #ids = new Dictionary();
  readonly #models = new Dictionary();
  readonly #days: Day[] = [];
  readonly #countries: number[] = [];
  readonly #places = new Map<string, Click>();
  readonly #clicks: Kept[] = [];

  /** A session's first click in the file fixes its day and country; a place in a session is taken once. */
  add(click: Click): ClickConflict | undefined {
    const at = this.#ids.positionOf(click.session);
    if (at === this.#days.length) this.#begin(click);
    else if (this.#days[at] !== click.day) return 'mixed-days';
    else if (this.#countries[at] !== click.country) return 'mixed-countries';
    const place = `${at}#${click.order}`;
    const taken = this.#places.get(place);
    if (taken) return sameClick(taken, click) ? 'duplicate' : 'repeated-order';
    this.#places.set(place, click);
    this.#clicks.push({ ...click, at, product: this.#models.positionOf(click.model) });
    return undefined;
  }

  #begin({ day, country }: Click): void {
    this.#days.push(day);
    this.#countries.push(country);
  }

  build(): ClickDataset {
    const sorted = this.#clicks.toSorted((a, b) => a.at - b.at || a.order - b.order);
    const column = (name: Exclude<keyof Kept, 'session' | 'model'>): number[] => sorted.map((click) => click[name]);
    return {
      models: this.#models.names,
      sessions: { id: this.#ids.names, day: this.#days, country: this.#countries, start: starts(column('at'), this.#days.length) },
      clicks: {
        order: column('order'),
        category: column('category'),
        model: column('product'),
        location: column('location'),
        photography: column('photography'),
        price: column('price'),
        dear: column('dear'),
        page: column('page'),
      },
    };
  }
}

const compared = ['category', 'model', 'location', 'photography', 'price', 'dear', 'page'] as const satisfies ReadonlyArray<keyof Click>;

const sameClick = (a: Click, b: Click): boolean => compared.every((name) => a[name] === b[name]);

/** Where each session begins in a sorted list of session numbers, each of which occurs; and the list's length. */
function starts(sessions: readonly number[], count: number): number[] {
  const start = Array.from({ length: count + 1 }, () => 0);
  for (const session of sessions) start[session + 1] = (start[session + 1] ?? 0) + 1;
  for (let session = 1; session <= count; session++) start[session] = (start[session] ?? 0) + (start[session - 1] ?? 0);
  return start;
}
