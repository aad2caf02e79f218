/** A minute of shop local time, counted from 1970-01-01 00:00. Shops send no time zone, so none is assumed. */
export type ShopMinute = number;

const moment = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2})$/;
const minuteMs = 60_000;

/** Undefined unless the text is an existing `YYYY-MM-DD HH:MM`. */
export function parseMinute(text: string): ShopMinute | undefined {
  const match = moment.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute));
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60;
  return exists ? date.getTime() / minuteMs : undefined;
}

/** `YYYY-MM-DD HH:MM`. */
export const formatMinute = (minute: ShopMinute): string => new Date(minute * minuteMs).toISOString().slice(0, 16).replace('T', ' ');

/** `YYYY-MM-DD` of a day counted from 1970. */
export const formatDay = (day: number): string => formatMinute(day * 1440).slice(0, 10);

/** Days since 1970-01-01. */
export const dayOf = (minute: ShopMinute): number => Math.floor(minute / 1440);
