/** `1.4 s`, `3 min`, `2.1 h`: short enough for a table. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${(ms / 3_600_000).toFixed(1)} h`;
  return `${Math.floor(ms / 86_400_000)} d`;
}

/** `142 MB`, `71 kB`. */
export const bytes = (size: number): string => (size < 1024 * 1024 ? `${Math.ceil(size / 1024)} kB` : `${Math.round(size / 1024 / 1024)} MB`);

/** `2026-03-29 01:00:00`, in UTC. */
export const moment = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

/** `1 worker`, `3 workers`. */
export const count = (of: number, noun: string): string => `${of} ${noun}${of === 1 ? '' : 's'}`;
