const width = 24;

/** `████████░░░░`: how much of it is done. */
export function bar(done: number, of: number): string {
  const full = of === 0 ? 0 : Math.round((Math.min(done, of) / of) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}
