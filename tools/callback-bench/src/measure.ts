import { monitorEventLoopDelay } from 'node:perf_hooks';
import { every, sleep, systemClock } from '@millrace/kernel';
import { Dispatcher } from './dispatcher.js';
import { type ReceiverKind, startReceivers } from './receivers.js';

export interface MeasureOptions {
  readonly kinds: readonly ReceiverKind[];
  /** Callbacks a second to each receiver. */
  readonly rateEach: number;
  readonly seconds: number;
}

export interface Figures {
  /** Milliseconds until the first try at a healthy receiver had ended, sorted. */
  readonly healthyMs: readonly number[];
  /** The most attempts a minute at a receiver of each kind, in the second half. */
  readonly attemptsPerMinute: ReadonlyMap<ReceiverKind, number>;
  readonly mostSockets: number;
  /** Memory of the process at its most, since it was warm. */
  readonly grownMb: number;
  readonly cpuMsPerCallback: number;
  /** How late the event loop was, 99th percentile: what a busy machine adds to everything. */
  readonly loopDelayMs: number;
}

type ProcessFigures = Pick<Figures, 'mostSockets' | 'grownMb' | 'cpuMsPerCallback' | 'loopDelayMs'>;

const sampleMs = 200;
const warmSeconds = 3;

/** Sends callbacks to all receivers in turn, at an even rate whatever becomes of them. */
export async function measure({ kinds, rateEach, seconds }: MeasureOptions): Promise<Figures> {
  const receivers = await startReceivers(kinds);
  const dispatcher = await Dispatcher.start();
  const sender = new Sender(dispatcher, receivers.urls, 1000 / (kinds.length * rateEach));
  await sender.send(warmSeconds);
  const [watch, warm] = [watchProcess(), sender.sent];
  await sender.send(seconds / 2);
  const atHalf = await dispatcher.attempts(sender.sent);
  await sender.send(seconds / 2);
  const atEnd = await dispatcher.attempts(sender.sent);
  const figures = watch.end(sender.sent - warm);
  const healthyMs = sender.took.filter(({ index }) => index >= warm && kinds[index % kinds.length] === 'healthy').map(({ ms }) => ms);
  await dispatcher.stop();
  receivers.stop();
  const perMinute = (url = ''): number => ((atEnd.get(url) ?? 0) - (atHalf.get(url) ?? 0)) / (seconds / 2 / 60);
  return { healthyMs: healthyMs.sort((a, b) => a - b), attemptsPerMinute: mostOf(kinds, (i) => perMinute(receivers.urls[i])), ...figures };
}

/** Open loop: what takes long does not keep the next waiting. */
class Sender {
  readonly took: Array<{ readonly index: number; readonly ms: number }> = [];
  sent = 0;

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly urls: readonly string[],
    private readonly everyMs: number,
  ) {}

  async send(seconds: number): Promise<void> {
    const begunAt = systemClock.monotonic();
    const before = this.sent;
    while (systemClock.monotonic() - begunAt < seconds * 1000) {
      const due = Math.floor((systemClock.monotonic() - begunAt) / this.everyMs);
      while (this.sent - before < due) void this.#sendNext();
      await sleep(systemClock, this.everyMs / 2);
    }
  }

  async #sendNext(): Promise<void> {
    const index = this.sent++;
    const ms = await this.dispatcher.dispatch(this.urls[index % this.urls.length] ?? '');
    this.took.push({ index, ms });
  }
}

function watchProcess(): { end(callbacks: number): ProcessFigures } {
  const [before, cpu, loop] = [process.memoryUsage.rss(), process.cpuUsage(), monitorEventLoopDelay()];
  loop.enable();
  let [mostSockets, mostBytes] = [0, before];
  const stop = every(systemClock, sampleMs, async () => {
    mostSockets = Math.max(mostSockets, process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length);
    mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
  });
  return {
    end: (callbacks) => {
      stop();
      const { user, system } = process.cpuUsage(cpu);
      return { mostSockets, grownMb: (mostBytes - before) / 1e6, cpuMsPerCallback: (user + system) / 1000 / callbacks, loopDelayMs: loop.percentile(99) / 1e6 };
    },
  };
}

function mostOf(kinds: readonly ReceiverKind[], figure: (index: number) => number): ReadonlyMap<ReceiverKind, number> {
  const most = new Map<ReceiverKind, number>();
  for (const [i, kind] of kinds.entries()) most.set(kind, Math.max(most.get(kind) ?? 0, figure(i)));
  return most;
}
