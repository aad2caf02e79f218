import { isDeepStrictEqual } from 'node:util';
import type { CallbackEvent } from '@millrace/contracts';
import type { RunRecord, StepSettlement } from '@millrace/run-store';
import { sha256 } from '../cluster/product.js';
import type { Post } from '../ports/receiver.js';
import { runOf } from './callbacks.js';
import type { Facts } from './facts.js';
import { type Step, Walk } from './walk.js';

/** What a frozen record says that its callback must say. */
interface Expected {
  /** Task and settlement of every step that runs a task. */
  readonly steps: ReadonlyMap<string, Step>;
  readonly insights: Readonly<Record<string, unknown>>;
  readonly datasets: Readonly<Record<string, unknown>>;
}

/** Compares callbacks with what was committed: I4. */
export class Outcomes {
  constructor(private readonly facts: Facts) {}

  /** `posts`: one of each run is enough, as I3 says that all are the same. */
  async check(posts: readonly Post[]): Promise<void> {
    const bodies = new Map(posts.map(({ body }) => [runOf(body), body]));
    for (const [run, body] of bodies) {
      const event = JSON.parse(body) as CallbackEvent;
      const frozen = this.facts.frozen.get(run) ?? [];
      const faults = await Promise.all(frozen.map((record) => this.#fault(record, event)));
      this.facts.expect(faults.includes(undefined), 'I4', `the callback of ${run} is not what was committed: ${faults.join('; ') || 'it was never frozen'}`);
      this.#made(run, event);
    }
  }

  async #fault(record: RunRecord, { data }: CallbackEvent): Promise<string | undefined> {
    const { steps, insights, datasets } = await this.#expected(record);
    const told = data.tasks.map(({ step }) => step);
    if (!isDeepStrictEqual(told.toSorted(), [...steps.keys()].toSorted())) return `it tells of the steps ${told.join(', ')}, but there are ${[...steps.keys()].join(', ')}`;
    for (const { step, task, status } of data.tasks) {
      const expected = steps.get(step);
      if (expected?.task !== task || !statusesOf(expected.settlement).includes(status)) return `it says that ${step} (${task}) is ${status}`;
    }
    if (!isDeepStrictEqual(data.insights, insights)) return 'its insights are others';
    return isDeepStrictEqual(data.datasets, datasets) ? undefined : 'its dataset reports are others';
  }

  async #expected(record: RunRecord): Promise<Expected> {
    const { steps } = new Walk(record);
    const insights: Record<string, unknown> = {};
    const datasets: Record<string, unknown> = {};
    for (const { task, settlement } of steps.values()) {
      if (settlement?.status !== 'succeeded') continue;
      const value = await this.#valueOf(settlement);
      if (task.endsWith('.dataset')) datasets[task] = (value as { readonly report: unknown }).report;
      else insights[task] = value;
    }
    return { steps, insights, datasets };
  }

  async #valueOf({ result }: Extract<StepSettlement, { status: 'succeeded' }>): Promise<unknown> {
    if ('inline' in result) return result.inline;
    const bytes = await this.facts.servers.blobs.get(result.ref.key);
    this.facts.expect(sha256(bytes) === result.ref.sha256, 'I4', `${result.ref.key} has not the bytes that were committed`);
    return JSON.parse(new TextDecoder().decode(bytes));
  }

  /** Everything was made of the payload that was sent in, and analyses of the datasets that were committed. */
  #made(run: string, { data }: CallbackEvent): void {
    const payload = this.facts.ingestions.find(({ id }) => id === run)?.payload;
    if (payload === undefined) return;
    for (const [task, value] of [...Object.entries(data.insights), ...Object.entries(data.datasets)]) {
      this.facts.expect((value as { readonly made: string }).made === sha256(payload), 'I4', `${task} of ${run} was made of other data`);
    }
  }
}

function statusesOf(settlement: StepSettlement | undefined): readonly string[] {
  if (!settlement) return ['late', 'skipped'];
  return settlement.status === 'failed' ? ['failed'] : ['succeeded'];
}
