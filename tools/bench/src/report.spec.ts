import { describe, expect, it } from 'vitest';
import type { Outcome } from './ingester.js';
import type { Observed, Reading } from './observer.js';
import { reportLines } from './report-lines.js';
import { isClean, type Measured, reportOf } from './report.js';

const machine = { node: '24.0.0', cpus: 2 };
const MiB = 2 ** 20;

function reading(at: number, cpuMs: Readonly<Partial<Record<Observed, number>>>, more: Partial<Reading> = {}): Reading {
  const known = Object.entries(cpuMs) as Array<[Observed, number]>;
  return { at, cpuMs: new Map(known), awsCalls: {}, ...more };
}

/** Four ingestions over two seconds: three callbacks, one refusal. */
const outcomes: readonly Outcome[] = [
  { status: 'completed', begunAt: 1000, acceptedAt: 1010, endedAt: 1100 },
  { status: 'completed', begunAt: 1500, acceptedAt: 1530, endedAt: 1700 },
  { status: 'partial', begunAt: 2000, acceptedAt: 2020, endedAt: 3000 },
  { status: 'refused', begunAt: 2500, reason: '503 too much' },
];

const measured: Measured = {
  options: { profile: 'aws', shape: 'bench', load: { loop: 'open', rate: 2, arrivals: 'uniform' }, duration: 2, warmup: 1, idle: 4 },
  idle: [reading(0, { analyst: 100 }), reading(4000, { analyst: 108 })],
  load: [
    reading(5000, { analyst: 200, orchestrator: 50 }, { awsCalls: { 's3.PutObject': 10, 'sqs.SendMessageBatch': 1 } }),
    reading(8000, { analyst: 260, orchestrator: 80 }, { awsCalls: { 's3.PutObject': 16, 'sqs.SendMessageBatch': 13 } }),
  ],
  memory: new Map([['analyst', { proportional: 70 * MiB, resident: 120 * MiB }]]),
  outcomes,
  deaths: 0,
};

describe('reportOf', () => {
  it('counts what became of the ingestions, and how fast they were', () => {
    expect(reportOf(measured, machine)).toMatchObject({
      achievedRate: 1.5,
      counts: { completed: 2, partial: 1, failed: 0, refused: 1, missing: 0, unsigned: 0 },
      latencyMs: { p50: 200, p90: 1000, p99: 1000, max: 1000 },
      acceptMs: { p50: 20, p90: 30, p99: 30, max: 30 },
      refusal: '503 too much',
    });
  });

  it('divides what was used by the ingestions that came back', () => {
    const report = reportOf(measured, machine);
    expect(report.processes).toEqual([
      { process: 'analyst', cpuMsPerIngestion: 20, idleCpuMsPerSecond: 2, peakProportionalBytes: 70 * MiB, peakResidentBytes: 120 * MiB },
      { process: 'orchestrator', cpuMsPerIngestion: 10, idleCpuMsPerSecond: 0 },
    ]);
    expect(report.cpuMsPerIngestion).toBe(30);
    expect(report.aws).toEqual({ callsPerIngestion: 6, byKind: { 'sqs.SendMessageBatch': 4, 's3.PutObject': 2 } });
    expect(report.redis).toBeUndefined();
  });

  it('tells the traffic of Redis instead of AWS calls on Redis', () => {
    const info = { processId: 1, cpuMs: 5, commands: 100, bytesIn: 1000 };
    const [before, after] = measured.load;
    const report = reportOf({ ...measured, load: [{ ...before, redis: info }, { ...after, redis: { ...info, commands: 400, bytesIn: 4000 } }] }, machine);
    expect(report.redis).toEqual({ commandsPerIngestion: 100, bytesInPerIngestion: 1000 });
    expect(report.aws).toBeUndefined();
  });

  it('has figures even when nothing came back', () => {
    const report = reportOf({ ...measured, outcomes: [] }, machine);
    expect(report).toMatchObject({ achievedRate: 0, counts: { completed: 0 } });
    expect(report.latencyMs).toBeUndefined();
    expect(reportLines(report)[4]).toMatch(/^to the callback +– +– +– +–$/);
  });
});

describe('isClean', () => {
  it('wants every ingestion completed and every process alive', () => {
    const completed = outcomes.filter(({ status }) => status === 'completed');
    expect(isClean(reportOf({ ...measured, outcomes: completed }, machine))).toBe(true);
    expect(isClean(reportOf({ ...measured, outcomes: completed, deaths: 1 }, machine))).toBe(false);
    expect(isClean(reportOf(measured, machine))).toBe(false);
  });
});

describe('reportLines', () => {
  it('fits on a screen', () => {
    expect(`\n${reportLines(reportOf(measured, machine)).join('\n')}`).toBe(`
aws profile, shape bench, 2 s: open loop, uniform, 2/s asked, 1.50/s achieved (2 CPUs, Node 24.0.0)
2 completed, 1 partial, 0 failed, 1 refused, 0 missing, 0 unsigned
first refusal: 503 too much

milliseconds from the beginning of the POST    p50     p90     p99     max
to the callback                              200.0  1000.0  1000.0  1000.0
to the 202                                    20.0    30.0    30.0    30.0

process       CPU ms/ingestion  idle CPU ms/s  peak PSS MiB  peak RSS MiB
analyst                 20.000           2.00            70           120
orchestrator            10.000           0.00             –             –
together                30.000

AWS API calls         per ingestion
sqs.SendMessageBatch           4.00
s3.PutObject                   2.00
together                       6.00`);
  });
});
