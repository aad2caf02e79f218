import { signature } from '@millrace/canvas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineSchedule, lastTick, nextTick, type Schedule } from './schedule.js';

const canvas = signature('reports.daily');
const daily = (cron: string, timezone?: string): Schedule => ({ name: 'x', cron, canvas, ...(timezone === undefined ? {} : { timezone }) });

/** The next `count` ticks, as UTC. */
function ticks(schedule: Schedule, from: string, count: number): readonly string[] {
  const found: string[] = [];
  for (let at = nextTick(schedule, Date.parse(from)); at !== undefined && found.length < count; at = nextTick(schedule, at)) found.push(new Date(at).toISOString());
  return found.map((text) => text.replace(':00.000Z', 'Z'));
}

// Expected times are written by hand from the offsets of the IANA time zone database:
// Berlin goes from +1 to +2 on 2026-03-29 at 01:00Z and back on 2026-10-25 at 01:00Z; New York from -4 to -5 on
// 2026-11-01 at 06:00Z; Sao Paulo, in 2018, from -3 to -2 at midnight of 4 November; Lord Howe moves by half an hour.
describe('when a cron schedule is due', () => {
  it('runs a time that the clocks skip right after the gap, and only that day', () => {
    expect(ticks(daily('30 2 * * *', 'Europe/Berlin'), '2026-03-28T00:00Z', 3)).toEqual(['2026-03-28T01:30Z', '2026-03-29T01:00Z', '2026-03-30T00:30Z']);
  });

  it('does not lose a day whose midnight the clocks skip', () => {
    expect(ticks(daily('0 0 * * *', 'America/Sao_Paulo'), '2018-11-02T12:00Z', 3)).toEqual(['2018-11-03T03:00Z', '2018-11-04T03:00Z', '2018-11-05T02:00Z']);
  });

  it('runs a time that comes twice once, the first time', () => {
    expect(ticks(daily('30 2 * * *', 'Europe/Berlin'), '2026-10-24T00:00Z', 3)).toEqual(['2026-10-24T00:30Z', '2026-10-25T00:30Z', '2026-10-26T01:30Z']);
    expect(ticks(daily('30 1 * * *', 'America/New_York'), '2026-10-31T00:00Z', 3)).toEqual(['2026-10-31T05:30Z', '2026-11-01T05:30Z', '2026-11-02T06:30Z']);
  });

  it('goes on at an even pace through an hour that comes twice', () => {
    expect(ticks(daily('*/30 * * * *', 'Europe/Berlin'), '2026-10-24T23:40Z', 6)).toEqual([
      '2026-10-25T00:00Z', '2026-10-25T00:30Z', '2026-10-25T01:00Z', '2026-10-25T01:30Z', '2026-10-25T02:00Z', '2026-10-25T02:30Z',
    ]);
  });

  it('knows zones whose clocks move by half an hour', () => {
    expect(ticks(daily('45 1 * * *', 'Australia/Lord_Howe'), '2026-04-03T00:00Z', 3)).toEqual(['2026-04-03T14:45Z', '2026-04-04T14:45Z', '2026-04-05T15:15Z']);
  });

  it('knows offsets of three quarters of an hour, weekdays and leap days', () => {
    expect(ticks(daily('0 9 * * 1-5', 'Asia/Kathmandu'), '2026-11-20T00:00Z', 2)).toEqual(['2026-11-20T03:15Z', '2026-11-23T03:15Z']);
    expect(ticks(daily('15 0 29 2 *'), '2026-01-01T00:00Z', 2)).toEqual(['2028-02-29T00:15Z', '2032-02-29T00:15Z']);
  });

  it('takes UTC when nothing is said', () => {
    expect(ticks(daily('0 3 * * *'), '2026-07-01T00:00Z', 1)).toEqual(['2026-07-01T03:00Z']);
  });
});

describe('the laws of ticks', () => {
  const time = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2028, 0, 1) });
  const schedule = fc.oneof(
    fc.integer({ min: 1_000, max: 90_000_000 }).map((everyMs): Schedule => ({ name: 'x', everyMs, canvas })),
    fc.tuple(fc.constantFrom('*/7 * * * *', '30 2 * * *', '0 */3 * * 1', '15 10 1 * *', '*/20 * * * * *'), fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu')).map(([cron, zone]) => daily(cron, zone)),
  );

  it('the next tick is later, and nothing lies between', () => {
    fc.assert(
      fc.property(schedule, time, (each, at) => {
        const next = nextTick(each, at) ?? Infinity;
        expect(next).toBeGreaterThan(at);
        expect(nextTick(each, next - 1)).toBe(next);
      }),
      { numRuns: 200 },
    );
  });

  it('the last tick until a time is the one whose next comes after it', () => {
    fc.assert(
      fc.property(schedule, time, fc.integer({ min: 0, max: 10_000_000 }), (each, from, later) => {
        const first = nextTick(each, from) ?? Infinity;
        const last = lastTick(each, first, first + later);
        expect(last).toBeGreaterThanOrEqual(first);
        expect(last).toBeLessThanOrEqual(first + later);
        expect(nextTick(each, last)).toBeGreaterThan(first + later);
      }),
      { numRuns: 200 },
    );
  });
});

describe('defineSchedule', () => {
  it.each([
    ['a name with a space', { name: 'a b', everyMs: 1_000 }, /"a b".*lower-case/],
    ['neither time', { name: 'x' }, /either a cron expression or an interval/],
    ['both times', { name: 'x', cron: '* * * * *', everyMs: 1_000 }, /either/],
    ['an interval of half a second', { name: 'x', everyMs: 500 }, /at least 1000 ms/],
    ['a minute that is none', { name: 'x', cron: '99 * * * *' }, /minute: 99/],
    ['a date that never comes', { name: 'x', cron: '0 0 31 2 *' }, /never comes/],
    ['a zone that is none', { name: 'x', cron: '0 0 * * *', timezone: 'Mars/Olympus' }, /Mars\/Olympus/],
  ])('refuses %s', (_, given, message) => {
    expect(() => defineSchedule({ canvas, ...given })).toThrow(expect.objectContaining({ code: 'MILLRACE_SCHEDULE_INVALID', message: expect.stringMatching(message) }));
  });
});
