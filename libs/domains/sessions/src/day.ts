/** A day, counted from 1970-01-01. */
export type Day = number;

const dayMs = 86_400_000;

/** Undefined unless such a day exists. */
export function dayOf(year: number, month: number, day: number): Day | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() / dayMs : undefined;
}

/** `YYYY-MM-DD`. */
export const formatDay = (day: Day): string => new Date(day * dayMs).toISOString().slice(0, 10);
