import { isDeepStrictEqual } from 'node:util';
import { ArtifactStore, isOver, progressOf, StepResults } from '@millrace/engine';
import type { RunRecord } from '@millrace/run-store';
import type { Post } from '../ports/receiver.js';
import { expectedOf, fits } from './expected.js';
import type { Facts } from './facts.js';
import type { Oracle } from './oracle.js';

/** That of canvases: every run that had the time comes to what its canvas says, whatever happened to it. */
export class CanvasOracle implements Oracle {
  constructor(private readonly facts: Facts) {}

  changed(): void {}

  /** It may be late, or revoked, or waiting again for what was lost in a failover. */
  isIdle(record: RunRecord, step: string): boolean {
    return progressOf(record).steps.get(step)?.status !== 'ready';
  }

  isOver(record: RunRecord): boolean {
    return isOver(progressOf(record));
  }

  async atRest(posts: readonly Post[]): Promise<void> {
    for (const record of this.facts.servers.records.values()) await this.#check(record, posts);
  }

  async #check(record: RunRecord, posts: readonly Post[]): Promise<void> {
    const run = progressOf(record);
    if (!isOver(run)) return; // its time was up, or it was cancelled: else it would not be at rest
    const expected = expectedOf(record.canvas, undefined);
    const value = run.status === 'succeeded' ? await this.#valueOf(record) : undefined;
    const isRight = run.status === 'succeeded' ? expected.fails !== 'always' && fits(expected.value, value) : expected.fails !== 'never';
    this.facts.expect(isRight, 'I4', `${record.id} has ${run.status} with ${JSON.stringify(value)}`);
    this.#told(record, { status: run.status, value: value ?? null }, posts);
  }

  #valueOf(record: RunRecord): Promise<unknown> {
    const results = new StepResults(new ArtifactStore(this.facts.servers.blobs));
    return results.valueOf(record, progressOf(record).plans[0]?.output ?? null);
  }

  /** After a failover a callback may tell of results that were lost and made again. */
  #told(record: RunRecord, insights: Readonly<Record<string, unknown>>, posts: readonly Post[]): void {
    const post = posts.find(({ run }) => run === record.id);
    if (!post || this.facts.rolledBackAt > 0) return;
    const { data } = JSON.parse(post.body) as { readonly data: { readonly insights: unknown } };
    this.facts.expect(isDeepStrictEqual(data.insights, JSON.parse(JSON.stringify(insights))), 'I4', `the callback of ${record.id} is not what was committed`);
  }
}
