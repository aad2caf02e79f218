import { openLoop, percentiles, uniformArrivals } from '@millrace/bench';
import { Slots } from '@millrace/kernel';
import { type CallCounts, countedBroker } from './call-counts.js';

const slots = 16;

export interface Steady {
  readonly endpoint: string;
  readonly batchMs: number;
  /** Tasks a second, evenly spaced, for so many seconds. */
  readonly rate: number;
  readonly seconds: number;
}

export interface SteadyFigures {
  readonly tasks: number;
  readonly calls: CallCounts;
  /** From the call of `publish` to the handler. */
  readonly latencyMs: { readonly p50: number; readonly p99: number };
}

/** Publishes messages one at a time and handles them at once, all in this process. */
export async function measureSteady({ endpoint, batchMs, rate, seconds }: Steady): Promise<SteadyFigures> {
  const { broker, calls } = countedBroker(endpoint, `steady-${batchMs}-`);
  const queue = { name: 'work', leaseMs: 4_000, maxDeliveries: 10, batchMs };
  await broker.prepare([queue]);
  calls.clear();
  const latencies: number[] = [];
  const consumer = broker.consume({ queue, slots: new Slots(slots) }, async ({ body }) => {
    latencies.push(performance.now() - Number(body));
    return { kind: 'ack' };
  });
  const arrivals = uniformArrivals(rate, seconds);
  let sent = 0;
  await openLoop(arrivals, () => broker.publish([{ queue: queue.name, body: String(performance.now()), id: String((sent += 1)) }]));
  while (latencies.length < arrivals.length) await new Promise((resolve) => setTimeout(resolve, 50));
  await consumer.stop();
  await broker.close();
  const { p50 = NaN, p99 = NaN } = percentiles(latencies) ?? {};
  return { tasks: latencies.length, calls, latencyMs: { p50, p99 } };
}
