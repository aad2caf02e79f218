import { parseArgs } from 'node:util';
import { runCommand, tableLines, Terminal } from '@millrace/local-stack';
import { type Figures, measure } from './measure.js';
import type { ReceiverKind } from './receivers.js';

const right = (title: string) => ({ title, align: 'right' }) as const;
const healthy: readonly ReceiverKind[] = Array.from({ length: 50 }, () => 'healthy');
const bad = (['hanging', 'dripping', 'resetting', 'large'] as const).flatMap((kind) => Array.from({ length: 5 }, (): ReceiverKind => kind));
/** Over 70 receivers, 50 a second in all. */
const rateEach = 50 / 70;

await runCommand(async (args) => {
  const { values } = parseArgs({ args: args.filter((arg) => arg !== 'callbacks'), options: { seconds: { type: 'string', default: '120' } } });
  const seconds = Number(values.seconds);
  const terminal = new Terminal();
  process.stderr.write(`50 healthy receivers, ${seconds} s\n`);
  const alone = await measure({ kinds: healthy, rateEach, seconds });
  process.stderr.write(`50 healthy receivers beside 20 bad ones, ${seconds} s\n`);
  const beside = await measure({ kinds: [...healthy, ...bad], rateEach, seconds });
  for (const line of [...latencyLines(alone, beside), '', ...badLines(beside)]) terminal.line(line);
  return 0;
});

function latencyLines(alone: Figures, beside: Figures): string[] {
  const columns = [{ title: 'first attempt at 50 healthy receivers, ms' }, ...['p50', 'p95', 'p99', 'max', 'sockets', 'MB grown', 'CPU ms each', 'loop delay p99'].map(right)];
  return tableLines(columns, [row('alone', alone), row('beside 20 bad ones', beside)]);
}

function badLines({ attemptsPerMinute }: Figures): string[] {
  const rows = [...attemptsPerMinute].filter(([kind]) => kind !== 'healthy').map(([kind, perMinute]) => [kind, perMinute.toFixed(1)]);
  return tableLines([{ title: 'bad receivers' }, right('most attempts a minute')], rows);
}

function row(title: string, { healthyMs, mostSockets, grownMb, cpuMsPerCallback, loopDelayMs }: Figures): string[] {
  const latencies = [0.5, 0.95, 0.99, 1].map((part) => (healthyMs[Math.ceil(part * healthyMs.length) - 1] ?? 0).toFixed(1));
  return [title, ...latencies, String(mostSockets), grownMb.toFixed(0), cpuMsPerCallback.toFixed(2), loopDelayMs.toFixed(0)];
}
