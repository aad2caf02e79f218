import { Readable } from 'node:stream';
import type { StartRequest } from '@millrace/engine';
import { messageOf, MillraceError } from '@millrace/kernel';
import type { Faults } from '../world/faults.js';
import type { World } from '../world/world.js';
import type { Api, Cluster } from './cluster.js';
import type { Ingestion } from '../workload/ingestion.js';

/** What a client, or an API for it, has come to know. */
export interface ClientEvents {
  /** An API is about to answer 202. */
  accepted(ingestion: Ingestion, run: string, since: number): void;
  /** The 202 has reached the client. */
  acknowledged(ingestion: Ingestion, run: string): void;
  /** An API refused the request for good. */
  refused(ingestion: Ingestion, why: string): void;
}

type Answer = { readonly status: 202; readonly run: string } | { readonly status: 503 };

const timeoutMs = 3_000;

/** Sends one ingestion again and again until it is acknowledged, each time to any API. */
export class Client {
  #isDone = false;

  constructor(
    private readonly ingestion: Ingestion,
    private readonly world: World,
    private readonly parts: { readonly faults: Faults; readonly cluster: Cluster; readonly events: ClientEvents; readonly startAt: number },
  ) {
    world.after(parts.startAt, () => this.#try());
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  #try(): void {
    const { world } = this;
    const api = world.pick(this.parts.cluster.apis);
    let isOpen = true;
    const once = (act: () => void): void => {
      if (isOpen) act();
      isOpen = false;
    };
    const take = (answer: Answer): void => once(() => (answer.status === 202 ? this.#acknowledge(answer.run) : this.#again()));
    world.after(timeoutMs, () => once(() => this.#again()));
    world.after(world.between(0.5, 5), () => api?.life.deliver(() => void this.#serve(api, take)));
  }

  #again(): void {
    this.world.note(this.ingestion.key, 'tries again');
    this.world.after(this.world.between(200, 500), () => this.#try());
  }

  /** What the API does with the request. */
  async #serve(api: Api, answer: (answer: Answer) => void): Promise<void> {
    const { faults } = this.parts;
    const since = this.world.elapsed;
    if (faults.killsApi()) api.life.killAfter(1 + Math.floor(this.world.random.next() * 8));
    const told = await this.#start(api);
    if (!told || !api.life.alive) return;
    if (told.status === 202) this.parts.events.accepted(this.ingestion, told.run, since);
    this.world.note(api.life.name, `answers ${told.status} to ${this.ingestion.key}`);
    if (faults.fateOfRequest() === 'done') this.world.after(this.world.between(0.5, 5), () => answer(told));
  }

  /** Undefined when the ingestion is refused for good. */
  async #start({ starter }: Api): Promise<Answer | undefined> {
    try {
      const { run } = await starter.start(requestOf(this.ingestion), Readable.from([Buffer.from(this.ingestion.payload)]));
      return { status: 202, run: run.id };
    } catch (err) {
      if (MillraceError.is(err) && err.retryable) return { status: 503 };
      this.parts.events.refused(this.ingestion, messageOf(err));
      return undefined;
    }
  }

  #acknowledge(run: string): void {
    this.world.note(this.ingestion.key, `has its 202 for ${run}`);
    this.parts.events.acknowledged(this.ingestion, run);
    this.#isDone = true;
    const { cancelAfterMs } = this.ingestion;
    if (cancelAfterMs !== undefined) this.world.after(cancelAfterMs, () => this.#cancel(run));
  }

  /** Asks once, and does not look what came of it. */
  #cancel(run: string): void {
    const api = this.world.pick(this.parts.cluster.apis);
    this.world.note(this.ingestion.key, `cancels ${run}`);
    api?.life.deliver(() => void api.runs.cancel(run, { frozenAt: api.life.clock.now() }).catch(() => undefined));
  }
}

const requestOf = ({ id, canvas, callbackUrl, budgetMs }: Ingestion): StartRequest => ({
  ...(id === undefined ? {} : { id }),
  ...(callbackUrl === undefined ? {} : { callbackUrl }),
  tenant: 'default',
  canvas,
  contentType: 'text/csv',
  budgetMs,
  maxBytes: 100_000,
});
