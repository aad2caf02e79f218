import { isDeepStrictEqual } from 'node:util';
import type { CallbackEvent } from '@millrace/contracts';
import type { DatasetResult, Insight } from '@millrace/domain';
import type { RunRecord, StepSettlement } from '@millrace/run-store';
import { sha256 } from '../workload/sha256.js';
import type { Post } from '../ports/receiver.js';
import type { Change } from '../ports/run-server.js';
import type { Facts } from './facts.js';
import type { Oracle } from './oracle.js';
import { type Step, Walk } from './walk.js';

/** What a frozen record says that its callback must say. */
interface Expected {
  /** Task and settlement of every step that runs a task. */
  readonly steps: ReadonlyMap<string, Step>;
  readonly insights: Readonly<Record<string, unknown>>;
  readonly datasets: Readonly<Record<string, unknown>>;
  /** SHA-256 of each domain's dataset. */
  readonly made: ReadonlyMap<string, string>;
}

/** The product's: joins wait for all their members, and callbacks are what was committed. */
export class ProductOracle implements Oracle {
  /** When each process last claimed the distribution of the analyses of a run. */
  readonly #claimed = new Map<string, number>();

  constructor(private readonly facts: Facts) {}

  changed({ run, by, before, after }: Change): void {
    if (!before || !after || before === after) return;
    if ((before.steps['0.1']?.claims ?? 0) < (after.steps['0.1']?.claims ?? 0)) this.#claimed.set(`${by} ${run}`, this.facts.world.elapsed);
    this.#joined(by, before, after);
  }

  /** What made a step ready may have been lost in a failover. */
  isIdle(record: RunRecord, step: string): boolean {
    return this.facts.rolledBackAt > 0 && new Walk(record).steps.get(step)?.isItsTurn !== true;
  }

  /** `posts`: one of each run is enough, as I3 says that all are the same. */
  isOver(record: RunRecord): boolean {
    return new Walk(record).isOver;
  }

  async atRest(posts: readonly Post[]): Promise<void> {
    const bodies = new Map(posts.map(({ run, body }) => [run, body]));
    for (const [run, body] of bodies) {
      const event = JSON.parse(body) as CallbackEvent;
      const frozen = this.facts.frozen.get(run) ?? [];
      const faults = await Promise.all(frozen.map((record) => this.#fault(record, event)));
      this.facts.expect(faults.includes(undefined), 'I4', `the callback of ${run} is not what was committed: ${faults.join('; ') || 'it was never frozen'}`);
      this.#made(run, event);
    }
  }

  /** The analyses are distributed only once every dataset is decided; what was begun before a failover may not know better. */
  #joined(by: string, before: RunRecord, after: RunRecord): void {
    if (before.steps['0.1']?.settlement || !after.steps['0.1']?.settlement) return;
    if ((this.#claimed.get(`${by} ${after.id}`) ?? 0) <= this.facts.rolledBackAt) return;
    const datasets = after.steps['0.0']?.settlement;
    const members = datasets?.status === 'replaced' && datasets.canvas.kind === 'group' ? datasets.canvas.members : undefined;
    const open = (members ?? []).flatMap((_, i) => (after.steps[`0.0.${i}`]?.settlement ? [] : [`0.0.${i}`]));
    this.facts.expect(members !== undefined && open.length === 0, 'I4', `${after.id} went on although ${open.join(', ') || 'the datasets'} were not decided`);
  }

  async #fault(record: RunRecord, { data }: CallbackEvent): Promise<string | undefined> {
    const { steps, insights, datasets, made } = await this.#expected(record);
    const told = data.tasks.map(({ step }) => step);
    if (!isDeepStrictEqual(told.toSorted(), [...steps.keys()].toSorted())) return `it tells of the steps ${told.join(', ')}, but there are ${[...steps.keys()].join(', ')}`;
    for (const { step, task, status } of data.tasks) {
      const expected = steps.get(step);
      if (expected?.task !== task || !statusesOf(expected.settlement).includes(status)) return `it says that ${step} (${task}) is ${status}`;
    }
    if (!isDeepStrictEqual(data.insights, insights)) return 'its insights are others';
    if (!isDeepStrictEqual(data.datasets, datasets)) return 'its dataset reports are others';
    const strange = Object.entries(insights).find(([task, value]) => (value as Insight).dataset !== made.get(domainOf(task)));
    return strange && this.facts.rolledBackAt < 0 ? `${strange[0]} is not made of the dataset that was committed` : undefined;
  }

  async #expected(record: RunRecord): Promise<Expected> {
    const { steps } = new Walk(record);
    const insights: Record<string, unknown> = {};
    const datasets: Record<string, unknown> = {};
    const made = new Map<string, string>();
    for (const { task, settlement } of steps.values()) {
      if (settlement?.status !== 'succeeded') continue;
      const value = await this.#valueOf(settlement);
      if (task.endsWith('.dataset')) {
        const { report, dataset } = value as DatasetResult;
        datasets[task] = report;
        made.set(domainOf(task), dataset.sha256);
      } else insights[task] = value;
    }
    return { steps, insights, datasets, made };
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
      this.facts.expect((value as Insight).made === sha256(payload), 'I4', `${task} of ${run} was made of other data`);
    }
  }
}

const domainOf = (task: string): string => task.split('.', 1)[0] ?? '';

function statusesOf(settlement: StepSettlement | undefined): readonly string[] {
  if (!settlement) return ['late', 'skipped'];
  return settlement.status === 'failed' ? ['failed'] : ['succeeded'];
}
