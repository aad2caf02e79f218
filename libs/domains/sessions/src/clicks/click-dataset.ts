import type { Day } from '../day.js';

/** Usable clicks as columns, by session and in order; sessions in the order of their first row. */
export interface ClickDataset {
  /** Codes of the products, each once. */
  readonly models: readonly string[];
  readonly sessions: {
    readonly id: readonly string[];
    readonly day: readonly Day[];
    readonly country: readonly number[];
    /** The position of the session's first click among the clicks; one entry more, for the end of the last session. */
    readonly start: readonly number[];
  };
  readonly clicks: {
    readonly order: readonly number[];
    readonly category: readonly number[];
    /** A position in `models`. */
    readonly model: readonly number[];
    readonly location: readonly number[];
    readonly photography: readonly number[];
    readonly price: readonly number[];
    readonly dear: readonly number[];
    readonly page: readonly number[];
  };
}

/** Where a session's clicks lie, the end exclusively. */
export const clicksOf = ({ sessions }: ClickDataset, session: number): readonly [from: number, to: number] => [sessions.start[session] ?? 0, sessions.start[session + 1] ?? 0];
