import { signature } from '@millrace/canvas';
import type { TaskMessage } from '@millrace/contracts';
import { ArtifactStore, callbackTask, defaultSettings, StepResults } from '@millrace/engine';
import { ManualClock, type Random, seededRandom, Slots } from '@millrace/kernel';
import type { RunRecord } from '@millrace/run-store';
import { type LogFields, type Log, Metrics } from '@millrace/telemetry';
import { MemoryBlobStore, MemoryDocumentStore, MemoryRunStore } from '@millrace/testkit';
import type { Execution } from '@millrace/worker';
import { vi } from 'vitest';
import { CallbackDelivery } from '../callback-delivery.js';
import { DeadCallbacks } from '../dead-callbacks.js';
import { type DeliveryEvent, loggedEvents } from '../delivery-events.js';
import { deploymentKeys } from '../deployment-keys.js';
import { EndpointCache } from '../endpoint-cache.js';
import { EndpointStore } from '../endpoint-store.js';
import { EndpointTroubles } from '../endpoint-troubles.js';
import { Finaliser, type ResultLink } from '../finaliser.js';
import type { CallbackRequest, CallbackResponse } from '../post-callback.js';
import { Sealer } from '../sealer.js';
import { TenantEndpoints } from '../tenant-endpoints.js';

export const deploymentSecrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc='];
export const callbackUrl = 'https://hooks.example.com/path?token=hush';
export const origin = 'https://hooks.example.com';

const execution: Execution = {
  lease: { lost: new AbortController().signal, extend: async () => true },
  stopped: new AbortController().signal,
  queue: 'callbacks',
  serves: () => false,
  slots: new Slots(1),
};

export interface Post extends CallbackRequest {
  readonly at: number;
  readonly url: string;
}

export const answering = (status: number, more: { retryAfterMs?: number; answer?: string } = {}) => async (): Promise<CallbackResponse> => ({ kind: 'response', status, ...more });
export const unanswered = (reason: 'timeout' | 'connect' | 'refused' = 'connect') => async (): Promise<CallbackResponse> => ({ kind: 'error', reason, message: `no answer: ${reason}` });

const message = (run: string): TaskMessage => ({ v: 1, run, step: 'callback', task: callbackTask, epoch: 0, deadlineAt: 1, tenant: 'acme' });
const timing = { claimedAt: 0, settledAt: 0, handlerMs: 0 };

interface RigOptions {
  readonly clock?: ManualClock;
  readonly documents?: MemoryDocumentStore;
  readonly random?: Random;
  readonly inlineBytes?: number;
}

/** A dispatcher over stores in memory and a client that answers as it is told. */
export class DispatchRig {
  readonly clock: ManualClock;
  readonly runs = new MemoryRunStore();
  readonly blobs = new MemoryBlobStore();
  readonly documents: MemoryDocumentStore;
  readonly store: EndpointStore;
  readonly dead: DeadCallbacks;
  readonly troubles: EndpointTroubles;
  readonly endpoints: TenantEndpoints;
  readonly delivery: CallbackDelivery;
  readonly posts: Post[] = [];
  readonly events: DeliveryEvent[] = [];
  readonly lines: Array<LogFields & { readonly message: string }> = [];
  composed = 0;
  hasRoom = true;
  answer: (post: Post) => Promise<CallbackResponse> = answering(204);

  constructor({ clock = new ManualClock(), documents, random = seededRandom(5), inlineBytes = 20_480 }: RigOptions = {}) {
    this.clock = clock;
    this.documents = documents ?? new MemoryDocumentStore(clock);
    const keys = deploymentKeys([Buffer.alloc(32, 1).toString('base64')], 'endpoint settings');
    this.store = new EndpointStore(this.documents, new Sealer(keys, random));
    this.dead = new DeadCallbacks(this.documents);
    const log = this.#log();
    const metrics = new Metrics('test');
    this.troubles = new EndpointTroubles({ documents: this.documents, clock, log });
    const told = loggedEvents({ log, metrics });
    const events = { tell: (event: DeliveryEvent) => (this.events.push(event), told.tell(event)) };
    const cache = new EndpointCache(this.store, { secrets: deploymentSecrets }, clock);
    this.endpoints = new TenantEndpoints({ cache, store: this.store, troubles: this.troubles, events, clock, log });
    const hasRoom = (): boolean => this.hasRoom;
    const client = {
      get hasRoom() {
        return hasRoom();
      },
      post: (url: string, request: CallbackRequest) => {
        const post = { url, at: clock.now(), ...request };
        this.posts.push(post);
        return this.answer(post);
      },
      close: async () => undefined,
    };
    const finaliser = this.#finaliser(inlineBytes);
    this.delivery = new CallbackDelivery({ finaliser, runs: this.runs, client, endpoints: this.endpoints, dead: this.dead, events, clock, random, log, metrics, settings: defaultSettings });
  }

  /** A run that is over but for its callback. */
  async begin(id = 'ing_1', callback = { url: callbackUrl }): Promise<void> {
    const now = this.clock.now();
    const raw = { key: 'raw/x', bytes: 1, sha256: '0'.repeat(64), contentType: 'text/csv' };
    const head = { id, tenant: 'acme', canvas: signature('a.b'), raw, createdAt: now, finaliseAt: now + 9_000, deadlineAt: now + 10_000 };
    await this.runs.create({ ...head, callback }, now + 2_000);
    await this.runs.claim(id, { step: '0', sweepAt: now + 2_000 });
    await this.runs.settle(id, { step: '0', sweepAt: now + 2_000 }, { status: 'succeeded', result: { inline: { found: 7 } }, timing });
  }

  deliver(id = 'ing_1'): ReturnType<CallbackDelivery['execute']> {
    return this.delivery.execute(message(id), execution);
  }

  async record(id = 'ing_1'): Promise<RunRecord> {
    const run = await this.runs.read(id);
    if (!run) throw new Error(`there is no run ${id}`);
    return run;
  }

  /** Moves time on, also for what goes by the host's. */
  async advance(ms: number): Promise<void> {
    vi.setSystemTime(this.clock.now() + ms);
    await this.clock.advance(ms);
  }

  /** Delivers whenever the sweeper would, until the delivery is over. */
  async deliverToTheEnd(id = 'ing_1'): Promise<RunRecord> {
    for (let passes = 0; passes < 100; passes++) {
      await this.deliver(id);
      const { sweepAt } = await this.record(id);
      if (sweepAt === undefined) break;
      await this.advance(Math.max(0, sweepAt - this.clock.now()));
    }
    return this.record(id);
  }

  #finaliser(inlineBytes: number): Finaliser {
    const compose = (record: RunRecord, results: ReadonlyMap<string, unknown>, link?: ResultLink) =>
      ({ data: { id: record.id, nth: ++this.composed, results: link ?? Object.fromEntries(results) } }) as never;
    return new Finaliser(this.runs, this.blobs, new StepResults(new ArtifactStore(this.blobs)), { compose, inlineBytes, resultUrl: ({ id }) => `https://api/${id}` });
  }

  #log(): Log {
    const write = (fields: LogFields, message: string): void => void this.lines.push({ ...fields, message });
    const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log };
    return log;
  }
}
