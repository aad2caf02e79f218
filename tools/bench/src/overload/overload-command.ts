import { systemRandom } from '@millrace/kernel';
import { runCommand, tableLines, Terminal } from '@millrace/local-stack';
import { poissonArrivals, uniformArrivals } from '../arrivals.js';
import { closedLoop, openLoop } from '../load.js';
import { type Crowd, withCrowd } from './crowd.js';
import { type Tally, tallyOf } from './tally.js';

const seconds = { warmUp: 5, saturated: 15, overload: 60, refusals: 10, quiet: 30 };
const refusalsPerSecond = 200;
/** A quiet tenant sends this part of what the product can do. */
const quietPart = 1 / 20;
const right = (title: string) => ({ title, align: 'right' }) as const;

await runCommand(async () => {
  const terminal = new Terminal();
  for (const line of await withCrowd(overload)) terminal.line(line);
  return 0;
});

/** What the product can do, what it does under three times that, and what a quiet tenant sees of a noisy one. */
async function overload(crowd: Crowd): Promise<string[]> {
  await phase('warming up', () => closedLoop(32, seconds.warmUp, () => crowd.noisy.ingest()));
  const saturated = await measured('saturated', crowd, () => closedLoop(32, seconds.saturated, () => crowd.noisy.ingest()));
  const rate = saturated.tally.inTime / seconds.saturated;
  const solo = tallyOf(await phase('quiet alone', () => openLoop(poissonArrivals(rate * quietPart, seconds.quiet, systemRandom), () => crowd.quiet.ingest())));
  const over = await measured('three times as much', crowd, () => openLoop(uniformArrivals(3 * rate, seconds.overload), () => crowd.noisy.ingest()));
  const refused = await measured('refusals', crowd, () => openLoop(uniformArrivals(refusalsPerSecond, seconds.refusals), () => crowd.limited.ingest()));
  const beside = await phase('quiet beside noisy', () => quietBesideNoisy(crowd, rate));
  return [
    `saturated: ${rate.toFixed(1)} ingestions a second`,
    `three times as much for ${seconds.overload} s: goodput ${percent(over.tally.inTime / seconds.overload, rate)} of that, ${percent(over.tally.inTime, over.tally.accepted)} of what was accepted in time`,
    `a refusal costs ${(refused.apiCpuMs / refused.tally.sent).toFixed(2)} ms of CPU, an ingestion the API ${(saturated.apiCpuMs / saturated.tally.accepted).toFixed(2)}`,
    '',
    ...tableLines(
      [{ title: 'load' }, ...['sent', 'accepted', 'in time', 'refused', 'p50 ms', 'p95 ms', 'p99 ms'].map(right)],
      [row('saturated', saturated.tally), row('three times', over.tally), row('quiet alone', solo), row('quiet beside noisy', beside.quiet), row('noisy', beside.noisy)],
    ),
  ];
}

async function quietBesideNoisy({ noisy, quiet }: Crowd, rate: number): Promise<{ noisy: Tally; quiet: Tally }> {
  const [loud, soft] = await Promise.all([
    openLoop(uniformArrivals(3 * rate, seconds.quiet), () => noisy.ingest()),
    openLoop(poissonArrivals(rate * quietPart, seconds.quiet, systemRandom), () => quiet.ingest()),
  ]);
  return { noisy: tallyOf(loud), quiet: tallyOf(soft) };
}

interface Measured {
  readonly tally: Tally;
  readonly apiCpuMs: number;
}

async function measured(name: string, { apiCpuMs }: Crowd, load: () => Promise<Parameters<typeof tallyOf>[0]>): Promise<Measured> {
  const before = await apiCpuMs();
  const tally = tallyOf(await phase(name, load));
  return { tally, apiCpuMs: (await apiCpuMs()) - before };
}

function phase<T>(name: string, act: () => Promise<T>): Promise<T> {
  process.stderr.write(`${name}\n`);
  return act();
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}

function row(name: string, { sent, accepted, inTime, refused, latencyMs }: Tally): string[] {
  const refusals = Object.entries(refused).map(([kind, count]) => `${count} × ${kind}`);
  const times = [latencyMs?.p50, latencyMs?.p95, latencyMs?.p99].map((ms) => ms?.toFixed(0) ?? '–');
  return [name, String(sent), String(accepted), String(inTime), refusals.join(', ') || '0', ...times];
}
