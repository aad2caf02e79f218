import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { closedLoop, Ingester, openLoop, poissonArrivals } from '@millrace/bench';
import { seededRandom } from '@millrace/kernel';
import { CallbackReceiver, newCallbackSecret, payloadOf, repositoryRoot } from '@millrace/local-stack';
import type { CompareOptions } from '../compare-options.js';
import type { Sample } from '../summary.js';
import { meterOf, type Turn } from '../turns.js';
import type { UsageMeter } from '../usage-meter.js';
import { watched } from '../watched.js';
import { untilAnswering } from './answer.js';
import { pipelineFigures } from './pipeline-figures.js';
import type { PipelineSystem } from './system.js';

const outstanding = 32;
const perSecond = 20;
const samplePayload = resolve(repositoryRoot, 'tools/bench/payloads/twenty-rows.json');

const graceSeconds = 90;

/** One system from start to stop: until it answers rightly, a warm-up, then 32 outstanding, then 20 a second. */
export async function playPipelines(system: PipelineSystem, turn: Turn, options: CompareOptions): Promise<Sample[]> {
  const secret = newCallbackSecret();
  const receiver = await CallbackReceiver.start(secret);
  await turn.undo.add(() => receiver.close());
  const running = await system.start(turn, secret);
  const payload = await payloadOf(samplePayload);
  const ingester = new Ingester(running.apiUrl, receiver, { ...payload, body: await readFile(payload.file) });
  await untilAnswering(ingester, receiver, running);
  const samples = await watched(measure(ingester, meterOf(turn, running), turn, options), running, options.warmup + 2 * options.duration + graceSeconds);
  await ingester.close();
  return samples;
}

async function measure(ingester: Ingester, meter: UsageMeter, { round, system }: Turn, { warmup, duration }: CompareOptions): Promise<Sample[]> {
  const ingest = () => ingester.ingest();
  await closedLoop(outstanding, warmup, ingest);
  const closed = await meter.around(() => closedLoop(outstanding, duration, ingest));
  const arrivals = poissonArrivals(perSecond, duration, seededRandom(round)); // the same for all systems
  const open = await meter.around(() => openLoop(arrivals, ingest));
  return [
    { round, system, load: `${outstanding} outstanding`, figures: pipelineFigures(closed) },
    { round, system, load: `${perSecond} a second`, figures: pipelineFigures(open) },
  ];
}
