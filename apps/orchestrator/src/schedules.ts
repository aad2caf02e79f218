import type { Schedule } from '@millrace/control';

/** What the product begins by itself at set times; `millrace schedules add` adds to it. */
export const schedules: readonly Schedule[] = [];
