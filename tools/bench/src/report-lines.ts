import { tableLines } from '@millrace/local-stack';
import type { Report } from './report.js';

const number = (value: number | undefined, digits = 2): string => (value === undefined ? '–' : value.toFixed(digits));
const megabytes = (bytes: number | undefined): string => number(bytes === undefined ? undefined : bytes / 2 ** 20, 0);
const right = (title: string) => ({ title, align: 'right' }) as const;

/** A report for people. */
export function reportLines(report: Report): string[] {
  const { options, counts, deaths, refusal } = report;
  const { load } = options;
  const asked = load.loop === 'open' ? `open loop, ${load.arrivals}, ${load.rate}/s asked` : `closed loop, ${load.outstanding} outstanding`;
  return [
    `${options.profile} profile, shape ${options.shape}, ${options.duration} s: ${asked}, ${number(report.achievedRate)}/s achieved (${report.cpus} CPUs, Node ${report.node})`,
    Object.entries(counts).map(([status, count]) => `${count} ${status}`).join(', '),
    ...(refusal === undefined ? [] : [`first refusal: ${refusal}`]),
    ...(deaths === 0 ? [] : [`${deaths} processes died and were started again: the figures below are wrong`]),
    '',
    ...latencyLines(report),
    '',
    ...processLines(report),
    '',
    ...trafficLines(report),
  ];
}

function latencyLines({ latencyMs, acceptMs }: Report): string[] {
  const columns = [{ title: 'milliseconds from the beginning of the POST' }, ...['p50', 'p90', 'p99', 'max'].map(right)];
  return tableLines(columns, [latencyRow('to the callback', latencyMs), latencyRow('to the 202', acceptMs)]);
}

const latencyRow = (what: string, found: Report['latencyMs']): string[] => [what, ...[found?.p50, found?.p90, found?.p99, found?.max].map((ms) => number(ms, 1))];

function processLines({ processes, cpuMsPerIngestion }: Report): string[] {
  const columns = [{ title: 'process' }, ...['CPU ms/ingestion', 'idle CPU ms/s', 'peak PSS MiB', 'peak RSS MiB'].map(right)];
  const rows = processes.map((each) => [
    each.process,
    number(each.cpuMsPerIngestion, 3),
    number(each.idleCpuMsPerSecond),
    megabytes(each.peakProportionalBytes),
    megabytes(each.peakResidentBytes),
  ]);
  return tableLines(columns, [...rows, ['together', number(cpuMsPerIngestion, 3)]]);
}

function trafficLines({ redis, aws }: Report): string[] {
  if (redis) return [`Redis: ${number(redis.commandsPerIngestion, 1)} commands (inside scripts too) and ${number(redis.bytesInPerIngestion, 0)} bytes in per ingestion`];
  if (!aws) return [];
  const rows = Object.entries(aws.byKind).map(([kind, calls]) => [kind, number(calls)]);
  return tableLines([{ title: 'AWS API calls' }, right('per ingestion')], [...rows, ['together', number(aws.callsPerIngestion)]]);
}
