import { signature } from '@millrace/canvas';
import { ArtifactStore, callbackTask, defaultSettings, StepResults } from '@millrace/engine';
import { every, Slots, systemClock, systemRandom } from '@millrace/kernel';
import { Metrics, silentLog } from '@millrace/telemetry';
import { MemoryBlobStore, MemoryDocumentStore, MemoryRunStore } from '@millrace/testkit';
import { CallbackDelivery, type CallbackClient, type ComposeOutcome, DeadCallbacks, Finaliser, loggedEvents, openCallbackClient, openEndpoints } from '@millrace/webhooks';

const slots = 256;
const sweepEveryMs = 500;
const timing = { claimedAt: 0, settledAt: 0, handlerMs: 0 };
const base = { clock: systemClock, random: systemRandom, log: silentLog, settings: defaultSettings };

const compose: ComposeOutcome = ({ id, createdAt }) => ({
  type: 'ingestion.completed',
  timestamp: new Date(createdAt).toISOString(),
  data: { ingestionId: id, status: 'completed', tasks: [], insights: {}, datasets: {}, budget: { budgetMs: 0, usedMs: 0, steps: [] } },
});

/** The dispatcher as the service makes it, over stores in memory; a queue of its own in front, a sweeper behind. */
export class Dispatcher {
  readonly #runs = new MemoryRunStore();
  readonly #slots = new Slots(slots);
  readonly #client: CallbackClient;
  readonly #endpoints;
  readonly #delivery: CallbackDelivery;
  #stopSweeper: () => void = () => undefined;
  #nextId = 0;

  private constructor(client: CallbackClient) {
    const blobs = new MemoryBlobStore();
    const documents = new MemoryDocumentStore();
    const metrics = new Metrics('callback-bench');
    this.#client = client;
    this.#endpoints = openEndpoints({ keys: [], secrets: [`whsec_${Buffer.alloc(32, 1).toString('base64')}`] }, { ...base, documents, metrics });
    const finaliser = new Finaliser(this.#runs, blobs, new StepResults(new ArtifactStore(blobs)), { compose, inlineBytes: 20_480, resultUrl: () => '' });
    const dead = new DeadCallbacks(documents);
    this.#delivery = new CallbackDelivery({ ...base, finaliser, runs: this.#runs, client: this.#client, endpoints: this.#endpoints.endpoints, dead, metrics, events: loggedEvents({ log: silentLog, metrics }) });
  }

  static async start(): Promise<Dispatcher> {
    const dispatcher = new Dispatcher(await openCallbackClient({ clock: systemClock, allowPrivate: true }));
    await dispatcher.#start();
    return dispatcher;
  }

  async #start(): Promise<void> {
    await this.#endpoints.troubles.start();
    this.#stopSweeper = every(systemClock, sweepEveryMs, async () => {
      for (const id of await this.#runs.due(systemClock.now(), 1_000)) void this.#deliver(id);
    });
  }

  async stop(): Promise<void> {
    this.#stopSweeper();
    await this.#endpoints.troubles.stop();
    await this.#client.close();
  }

  /** Delivers one callback, at first at once; resolves with the milliseconds until the first try had ended. */
  async dispatch(url: string): Promise<number> {
    const id = `ing_${(this.#nextId += 1)}`;
    const begunAt = systemClock.monotonic();
    const now = systemClock.now();
    await this.#runs.create({ id, tenant: 'bench', canvas: signature('a.b'), callback: { url }, createdAt: now, finaliseAt: now + 9_000, deadlineAt: now + 10_000 }, now + 60_000);
    await this.#runs.claim(id, { step: '0', sweepAt: now + 60_000 });
    await this.#runs.settle(id, { step: '0', sweepAt: now + 60_000 }, { status: 'succeeded', result: { inline: 1 }, timing });
    await this.#deliver(id);
    return systemClock.monotonic() - begunAt;
  }

  /** How many attempts were made at it, of all callbacks. */
  async attempts(count: number): Promise<ReadonlyMap<string, number>> {
    const made = new Map<string, number>();
    for (let i = 1; i <= count; i++) {
      const run = await this.#runs.read(`ing_${i}`);
      const url = run?.callback?.url ?? '';
      made.set(url, (made.get(url) ?? 0) + (run?.delivery?.attempts ?? 0));
    }
    return made;
  }

  async #deliver(run: string): Promise<void> {
    await this.#slots.take(1);
    const stopped = new AbortController().signal;
    const lease = { lost: stopped, extend: async () => true };
    try {
      await this.#delivery.execute(
        { v: 1, run, step: 'callback', task: callbackTask, epoch: 0, deadlineAt: 1, tenant: 'bench' },
        { lease, stopped, queue: 'callbacks', slots: this.#slots, serves: () => false },
      );
    } finally {
      this.#slots.give();
    }
  }
}
