import { closedLoop } from '@millrace/bench';
import type { CompareOptions } from '../compare-options.js';
import { compareErrors } from '../errors.js';
import type { Sample } from '../summary.js';
import { meterOf, type Turn } from '../turns.js';
import { watched } from '../watched.js';
import { canvasFigures, memberFigures } from './canvas-figures.js';
import type { CanvasSystem, RunningCanvas } from './system.js';

interface Load {
  readonly load: string;
  /** Of a chord that is told of by the member. */
  readonly width?: number;
  readonly expected: number;
  run(canvas: RunningCanvas): Promise<number>;
}

const loads: readonly Load[] = [
  { load: 'chord of 10', expected: 10, run: (canvas) => canvas.chord(10) },
  { load: 'chord of 1,000', expected: 1000, run: (canvas) => canvas.chord(1000) },
  { load: 'chord of 10,000', width: 10_000, expected: 10_000, run: (canvas) => canvas.chord(10_000) },
  { load: 'chain of 5', expected: 5, run: (canvas) => canvas.chain() },
];

const graceSeconds = 60;

/** One system from start to stop: each canvas again and again, one at a time. */
export async function playCanvas(system: CanvasSystem, turn: Turn, options: CompareOptions): Promise<Sample[]> {
  const running = await system.start(turn);
  const samples: Sample[] = [];
  const withinSeconds = options.warmup + options.duration + graceSeconds;
  for (const load of loads) samples.push(await watched(measure(load, turn, running, options), running, withinSeconds));
  return samples;
}

async function measure({ load, run, expected, width }: Load, turn: Turn, running: RunningCanvas, { warmup, duration }: CompareOptions): Promise<Sample> {
  const once = async (): Promise<number> => {
    const begunAt = performance.now();
    const value = await run(running);
    if (value !== expected) throw compareErrors.error('MILLRACE_COMPARE_ANSWER', `the ${load} of ${turn.system} came to ${value}`);
    return performance.now() - begunAt;
  };
  await once();
  await closedLoop(1, warmup, once);
  const { result, usage } = await meterOf(turn, running).around(() => withClientCpu(() => closedLoop(1, duration, once)));
  const figures = canvasFigures(result.latencies, usage, result.clientCpuMs);
  return { round: turn.round, system: turn.system, load, figures: width === undefined ? figures : memberFigures(figures, width) };
}

/** The client is in this process, so what this process uses is what the client uses. */
async function withClientCpu(act: () => Promise<number[]>): Promise<{ latencies: number[]; clientCpuMs: number }> {
  const before = process.cpuUsage();
  const latencies = await act();
  const { user, system } = process.cpuUsage(before);
  return { latencies, clientCpuMs: (user + system) / 1000 };
}
