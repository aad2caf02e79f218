import { hostname } from 'node:os';
import type { BlobStore } from '@millrace/blob-store';
import type { DocumentStore } from '@millrace/document-store';
import { type Clock, messageOf } from '@millrace/kernel';
import type { EventBus, Log } from '@millrace/telemetry';
import { collections } from './collections.js';
import { commandHandlers } from './commands/command-handlers.js';
import { CommandStation } from './commands/command-station.js';
import { ControlChannel } from './control-channel.js';
import { EventRecorder } from './events/event-recorder.js';
import type { Controllable } from './workers/controllable.js';
import { millraceVersion } from './version.js';
import { Presence } from './workers/presence.js';
import type { WorkerCard } from './workers/worker-card.js';

export interface ProcessControlOptions {
  readonly service: string;
  /** Absent for a process that is no worker. */
  readonly worker?: Controllable | undefined;
  /** Begins a warm stop of the process. */
  drain(): void;
}

export interface ProcessControlDeps {
  readonly documents: DocumentStore;
  readonly blobs: BlobStore;
  /** Its source is the process's id. */
  readonly events: EventBus;
  readonly clock: Clock;
  readonly log: Log;
}

/** Identifies this process among all there ever were: `<service>@<host>:<pid>:<time>`. */
export const processId = (service: string, clock: Clock): string =>
  `${service}@${hostname().replaceAll(/[^!-~]/g, '_').slice(0, 100)}:${process.pid}:${clock.now().toString(36)}`;

/** The process's side of remote control: shows that it is up, carries out commands, writes events while somebody follows. */
export class ProcessControl {
  readonly #startedAt: number;
  readonly #presence: Presence;
  readonly #channel: ControlChannel;
  readonly #recorder: EventRecorder;
  #state: WorkerCard['state'] = 'working';

  constructor(
    private readonly options: ProcessControlOptions,
    private readonly deps: ProcessControlDeps,
  ) {
    const { events, clock } = deps;
    this.#startedAt = clock.now();
    this.#presence = new Presence(() => this.#card(), deps);
    this.#recorder = new EventRecorder(events, deps);
    const { worker } = options;
    const handlers = commandHandlers({ id: events.source, worker, drain: () => this.#drain(), changed: () => this.#changed() }, deps);
    const station = new CommandStation(events.source, handlers, deps);
    this.#channel = new ControlChannel(({ commands, followedUntil }) => {
      this.#recorder.followedUntil(followedUntil);
      station.take(commands);
    }, deps);
  }

  /** Resolves when the process can be seen and told. */
  async start(): Promise<void> {
    try {
      await this.#registerQueues();
      await this.#channel.start();
    } catch (err) {
      this.deps.log.warn({ reason: messageOf(err) }, 'remote control not available');
    }
    await this.#presence.start();
  }

  /** Shows that the process takes nothing more. */
  async draining(): Promise<void> {
    this.#state = 'draining';
    await this.#presence.refresh();
  }

  async stop(): Promise<void> {
    await this.#channel.stop();
    await this.#presence.stop();
    await this.#recorder.stop();
  }

  #drain(): void {
    this.#state = 'draining';
    this.options.drain();
  }

  async #changed(): Promise<void> {
    await this.#registerQueues();
    await this.#presence.refresh();
  }

  /** So that queues are known when nobody serves them any more. */
  async #registerQueues(): Promise<void> {
    for (const { name, leaseMs, maxDeliveries } of this.options.worker?.queues ?? []) {
      const document = { collection: collections.queues, key: name };
      const value = JSON.stringify({ name, leaseMs, maxDeliveries });
      if ((await this.deps.documents.get(document))?.value !== value) await this.deps.documents.put(document, value);
    }
  }

  #card(): WorkerCard {
    const { service, worker } = this.options;
    return {
      id: this.deps.events.source,
      service,
      host: hostname(),
      pid: process.pid,
      version: millraceVersion,
      startedAt: this.#startedAt,
      state: this.#state,
      queues: worker?.queues.map(({ name }) => name) ?? [],
      pools: worker?.pools ?? [],
      inHand: worker?.inHand ?? 0,
      tasks: worker?.tasks ?? [],
    };
  }
}
