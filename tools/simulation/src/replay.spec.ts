import { describe, expect, it } from 'vitest';
import { simulate } from './simulate.js';

const seed = Number(process.env['MILLRACE_SEED'] ?? 1);

describe('a simulation', () => {
  it('has the same history again for the same seed', async () => {
    const first = await simulate({ seed, keepTrace: process.env['MILLRACE_SEED'] !== undefined });
    console.log(first.lines.join('\n'));
    expect(first.violations).toEqual([]);
    const second = await simulate({ seed });
    expect(second.hash).toBe(first.hash);
  });
});
