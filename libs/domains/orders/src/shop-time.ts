/** A minute of shop local time, counted from 1970-01-01 00:00. Shops send no time zone, so none is assumed. */
export type ShopMinute = number;

const moment = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/;
const minuteMs = 60_000;

/** Undefined unless the text is an existing `YYYY-MM-DD HH:MM`. */
export function parseMinute(text: string): ShopMinute | undefined {
  if (!moment.test(text)) return undefined;
  const minute = Date.parse(`${text.replace(' ', 'T')}Z`) / minuteMs;
  return Number.isNaN(minute) || formatMinute(minute) !== text ? undefined : minute;
}

/** `YYYY-MM-DD HH:MM`. */
export const formatMinute = (minute: ShopMinute): string => new Date(minute * minuteMs).toISOString().slice(0, 16).replace('T', ' ');

/** Days since 1970-01-01. */
export const dayOf = (minute: ShopMinute): number => Math.floor(minute / 1440);
