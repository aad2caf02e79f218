import type { BenchOptions } from './bench-options.js';
import type { Outcome } from './ingester.js';
import type { Memory, Observed, Reading } from './observer.js';
import { type Percentiles, percentiles } from './percentiles.js';
import { type Counts, increase } from './prometheus.js';

/** What was seen of one bench. */
export interface Measured {
  readonly options: BenchOptions;
  /** Around doing nothing. */
  readonly idle: readonly [before: Reading, after: Reading];
  /** Around the load that counts, until its last callback. */
  readonly load: readonly [before: Reading, after: Reading];
  readonly memory: ReadonlyMap<Observed, Memory>;
  readonly outcomes: readonly Outcome[];
  /** How often a process died and was started again; its figures are then wrong. */
  readonly deaths: number;
}

export interface ProcessUsage {
  readonly process: Observed;
  readonly cpuMsPerIngestion: number;
  readonly idleCpuMsPerSecond?: number;
  readonly peakProportionalBytes?: number;
  readonly peakResidentBytes?: number;
}

export interface Report {
  readonly options: BenchOptions;
  readonly node: string;
  readonly cpus: number;
  /** Ingestions with a callback, each second from the first POST to the last callback. */
  readonly achievedRate: number;
  readonly counts: Readonly<Record<Outcome['status'], number>>;
  readonly deaths: number;
  /** From POST begun to callback received, in milliseconds, of every ingestion with a callback. */
  readonly latencyMs?: Percentiles;
  /** From POST begun to the 202. */
  readonly acceptMs?: Percentiles;
  readonly processes: readonly ProcessUsage[];
  readonly cpuMsPerIngestion: number;
  readonly redis?: { readonly commandsPerIngestion: number; readonly bytesInPerIngestion: number };
  readonly aws?: { readonly callsPerIngestion: number; readonly byKind: Counts };
  /** What the first refusal said. */
  readonly refusal?: string;
}

export function reportOf(measured: Measured, machine: { node: string; cpus: number }): Report {
  const { options, load, outcomes, deaths } = measured;
  const ended = outcomes.filter((outcome) => outcome.endedAt !== undefined);
  const per = (total: number) => total / Math.max(1, ended.length);
  const processes = usage(measured, per);
  const refusal = outcomes.find((outcome) => outcome.reason)?.reason;
  const latencyMs = percentiles(ended.map(({ begunAt, endedAt = begunAt }) => endedAt - begunAt));
  const acceptMs = percentiles(outcomes.flatMap(({ begunAt, acceptedAt }) => (acceptedAt === undefined ? [] : [acceptedAt - begunAt])));
  return {
    options,
    ...machine,
    achievedRate: achievedRate(ended),
    counts: countsOf(outcomes),
    deaths,
    ...(latencyMs && { latencyMs }),
    ...(acceptMs && { acceptMs }),
    processes,
    cpuMsPerIngestion: processes.reduce((sum, each) => sum + each.cpuMsPerIngestion, 0),
    ...traffic(load, per),
    ...(refusal !== undefined && { refusal }),
  };
}

/** Whether every ingestion was completed and no process died. */
export const isClean = ({ counts, deaths }: Report): boolean => deaths === 0 && Object.entries(counts).every(([status, count]) => status === 'completed' || count === 0);

function countsOf(outcomes: readonly Outcome[]): Report['counts'] {
  const counts = { completed: 0, partial: 0, failed: 0, refused: 0, missing: 0, unsigned: 0 };
  for (const { status } of outcomes) counts[status]++;
  return counts;
}

function achievedRate(ended: readonly Outcome[]): number {
  const first = ended.reduce((least, { begunAt }) => Math.min(least, begunAt), Infinity);
  const last = ended.reduce((most, { endedAt = 0 }) => Math.max(most, endedAt), 0);
  return ended.length === 0 ? 0 : (ended.length * 1000) / (last - first);
}

function usage({ idle, load, memory }: Measured, per: (total: number) => number): ProcessUsage[] {
  return [...load[1].cpuMs.keys()].map((process) => {
    const idleCpuMs = spent(idle, process);
    const peak = memory.get(process);
    return {
      process,
      cpuMsPerIngestion: per(spent(load, process)),
      ...(idle[1].at > idle[0].at && { idleCpuMsPerSecond: (idleCpuMs * 1000) / (idle[1].at - idle[0].at) }),
      ...(peak && { peakProportionalBytes: peak.proportional, peakResidentBytes: peak.resident }),
    };
  });
}

const spent = ([before, after]: Measured['load'], process: Observed): number => (after.cpuMs.get(process) ?? 0) - (before.cpuMs.get(process) ?? 0);

function traffic([before, after]: Measured['load'], per: (total: number) => number): Pick<Report, 'redis' | 'aws'> {
  if (before.redis && after.redis) {
    const { redis } = before;
    return { redis: { commandsPerIngestion: per(after.redis.commands - redis.commands), bytesInPerIngestion: per(after.redis.bytesIn - redis.bytesIn) } };
  }
  const calls = Object.entries(increase(before.awsCalls, after.awsCalls)).toSorted(([, a], [, b]) => b - a);
  const byKind = Object.fromEntries(calls.map(([kind, count]) => [kind, per(count)]));
  return { aws: { callsPerIngestion: per(calls.reduce((sum, [, count]) => sum + count, 0)), byKind } };
}
