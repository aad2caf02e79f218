import { taskErrors } from './errors.js';

/** How often something may begin: at most `burst` at once, `perSecond` in the long run. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

const secondsIn = { s: 1, m: 60, h: 3_600 } as const;

/**
 * `100/s`, `10/m`, `500/h`. Without a burst what is allowed is spread evenly, one after the other. Throws MILLRACE_TASK_RATE.
 */
export function parseRate(text: string, burst = 1): Rate {
  const [, count, unit] = /^(\d+(?:\.\d+)?)\/([smh])$/.exec(text) ?? [];
  const perSecond = Number(count) / secondsIn[unit as keyof typeof secondsIn];
  if (perSecond > 0 && Number.isInteger(burst) && burst > 0) return { perSecond, burst };
  throw taskErrors.error('MILLRACE_TASK_RATE', `${JSON.stringify(text)} with a burst of ${burst} is no rate; write 100/s, 10/m or 500/h and a burst of 1 or more`);
}
