import { describe, expect, it } from 'vitest';
import { tallyOf } from './tally.js';

describe('tallyOf', () => {
  it('counts what came back in time, what came late or not whole, and why others were refused', () => {
    const tally = tallyOf([
      { status: 'completed', begunAt: 0, endedAt: 100 },
      { status: 'completed', begunAt: 50, endedAt: 10_050 },
      { status: 'completed', begunAt: 0, endedAt: 10_001 },
      { status: 'partial', begunAt: 0, endedAt: 9_000 },
      { status: 'missing', begunAt: 0 },
      { status: 'refused', begunAt: 0, reason: '503 {"code":"MILLRACE_OVERLOADED"}' },
      { status: 'refused', begunAt: 0, reason: '503 {}' },
      { status: 'refused', begunAt: 0, reason: '429 {}' },
      { status: 'refused', begunAt: 0, reason: 'socket closed' },
    ]);
    expect(tally).toMatchObject({ sent: 9, accepted: 5, inTime: 2, refused: { 503: 2, 429: 1, 'socket closed': 1 } });
    expect(tally.latencyMs).toMatchObject({ p50: 10_000, p95: 10_001 });
  });
});
