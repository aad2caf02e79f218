import { type Canvas, planStep } from '@millrace/canvas';
import { progressOf } from '@millrace/engine';
import type { RunRecord, StepRecord, StepSettlement } from '@millrace/run-store';
import type { Domain } from '@millrace/domain';
import { defineTask } from '@millrace/tasks';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { analyticsCanvas, datasetsCanvas, ingestionCanvas, processCanvas } from './ingestion.pipeline.js';
import { composeOutcome, ingestionStatus } from './outcome.js';

const artifact = z.unknown();
const task = (name: string) => defineTask({ name, args: z.tuple([artifact]), handler: async () => ({}) });
const domain = (name: string, ...analyses: string[]): Domain =>
  ({ name, accepts: () => true, dataset: task(`${name}.dataset`), analyses: analyses.map((analysis) => task(`${name}.${analysis}`)), models: [] }) as unknown as Domain;

const shop = domain('shop', 'segments', 'anomalies');
const web = domain('web', 'sessions');
const raw = { key: 'raw/x', bytes: 3, sha256: '0'.repeat(64), contentType: 'text/csv' };
const at = 1_000_000;
const sent = { domains: [shop, web], files: [raw] };
const shares = [{ domain: 'shop' }, { domain: 'web' }];
const datasetValue = { dataset: { ...raw, key: 'd' }, report: { lines: 7 } };

/** A record in which each step was ready, begun and settled at times given in milliseconds from the start. */
class Story {
  readonly steps: Record<string, StepRecord> = {};

  settle(step: string, [claimed, settled, handlerMs]: [number, number, number], body: Omit<Extract<StepSettlement, { status: 'succeeded' }>, 'timing'> | Omit<Extract<StepSettlement, { status: 'failed' }>, 'timing'> | { status: 'replaced'; canvas: Canvas }): this {
    const timing = { claimedAt: at + claimed, settledAt: at + settled, handlerMs };
    this.steps[step] = { claims: 1, failures: 0, settlement: { ...body, timing } as StepSettlement };
    return this;
  }

  replaced = (step: string, times: [number, number, number], canvas: Canvas) => this.settle(step, times, { status: 'replaced', canvas });
  value = (step: string, times: [number, number, number], inline: unknown) => this.settle(step, times, { status: 'succeeded', result: { inline } });
  failed = (step: string, times: [number, number, number]) => this.settle(step, times, { status: 'failed', error: { code: 'X', message: 'no', retryable: false } });

  record(frozenAt?: number): RunRecord {
    return {
      id: 'ing_1', tenant: 'default', canvas: ingestionCanvas(null), raw, createdAt: at, finaliseAt: at + 9_000, deadlineAt: at + 10_000,
      status: frozenAt === undefined ? 'running' : 'finalizing', rev: 1, epoch: 0, steps: this.steps,
      ...(frozenAt === undefined ? {} : { final: { frozenAt: at + frozenAt } }),
    };
  }
}

const begun = () =>
  new Story()
    .replaced('0', [5, 10, 3], processCanvas(shares))
    .replaced('0.0', [12, 15, 1], datasetsCanvas(sent, shares));
const outcomes = (second: 'succeeded' | 'failed') => [
  { status: 'succeeded', value: datasetValue } as const,
  second === 'succeeded' ? ({ status: 'succeeded', value: datasetValue } as const) : ({ status: 'failed', error: { code: 'X', message: 'no', retryable: false } } as const),
];
const resultsOf = (record: RunRecord) =>
  new Map(Object.entries(record.steps).flatMap(([id, { settlement }]) => (settlement?.status === 'succeeded' && 'inline' in settlement.result ? [[id, settlement.result.inline] as const] : [])));
const compose = (record: RunRecord) => composeOutcome(record, resultsOf(record));

function readyTasks(record: RunRecord) {
  const run = progressOf(record);
  return [...run.steps].flatMap(([step, { status }]) => (status === 'ready' ? [planStep(run, step)?.signature.task] : []));
}

describe('the pipeline', () => {
  it('runs datasets in parallel, then the analyses of all of them', () => {
    expect(readyTasks(begun().record())).toEqual(['shop.dataset', 'web.dataset']);
    const made = begun().value('0.0.0', [20, 50, 25], datasetValue).value('0.0.1', [20, 40, 15], datasetValue);
    expect(readyTasks(made.record())).toEqual(['analytics.distribute']);
    made.replaced('0.1', [55, 60, 2], analyticsCanvas(sent, shares, outcomes('succeeded')));
    expect(readyTasks(made.record())).toEqual(['shop.segments', 'shop.anomalies', 'web.sessions']);
  });

  it('leaves out the analyses of a dataset that failed', () => {
    const canvas = analyticsCanvas(sent, shares, outcomes('failed'));
    expect(canvas).toMatchObject({ kind: 'group', members: [{ task: 'shop.segments' }, { task: 'shop.anomalies' }] });
  });
});

const whole = () =>
  begun()
    .value('0.0.0', [20, 50, 25], datasetValue)
    .value('0.0.1', [20, 40, 15], datasetValue)
    .replaced('0.1', [55, 60, 2], analyticsCanvas(sent, shares, outcomes('succeeded')))
    .value('0.1.0', [70, 90, 12], { top: 1 })
    .value('0.1.1', [75, 95, 18], { odd: 2 })
    .value('0.1.2', [61, 66, 4], { seen: 3 });

describe('composeOutcome', () => {
  it('tells insights by analysis and reports by dataset', () => {
    const event = compose(whole().record(96));
    expect(event).toMatchObject({
      type: 'ingestion.completed',
      timestamp: new Date(at + 96).toISOString(),
      data: {
        status: 'completed',
        insights: { 'shop.segments': { top: 1 }, 'shop.anomalies': { odd: 2 }, 'web.sessions': { seen: 3 } },
        datasets: { 'shop.dataset': { lines: 7 }, 'web.dataset': { lines: 7 } },
      },
    });
    expect(event.data.tasks.every((view) => view.status === 'succeeded')).toBe(true);
  });

  it('tells what is late when time ran out', () => {
    const story = whole();
    delete story.steps['0.1.1'];
    const event = compose(story.record(9_000));
    expect(event.type).toBe('ingestion.partial');
    expect(event.data.tasks.filter((view) => view.status === 'late').map((view) => view.task)).toEqual(['shop.anomalies']);
    expect(Object.keys(event.data.insights)).toEqual(['shop.segments', 'web.sessions']);
  });

  it('is partial when a part failed, and failed when nothing came of it', () => {
    expect(compose(whole().failed('0.1.0', [70, 90, 12]).record(96)).type).toBe('ingestion.partial');
    const event = compose(new Story().failed('0', [5, 10, 3]).record(12));
    expect(event.type).toBe('ingestion.failed');
    expect(event.data.tasks).toMatchObject([{ task: 'process.initiate', status: 'failed', error: { code: 'X' } }]);
  });

  it('leaves results out when it carries a link', () => {
    const event = composeOutcome(whole().record(96), resultsOf(whole().record(96)), { url: 'https://api.example.com/v1/ingestions/ing_1', sha256: 'a'.repeat(64) });
    expect(event.data).toMatchObject({ status: 'completed', insights: {}, datasets: {}, resultUrl: 'https://api.example.com/v1/ingestions/ing_1', resultSha256: 'a'.repeat(64) });
  });

  it('fails as a whole, with what there is, when a part failed and the terms do not allow that', () => {
    const record = (story: Story): RunRecord => ({ ...story.record(96), terms: { failure: 'all', metadata: { order: [1, null] } } });
    const broken = whole().failed('0.1.1', [75, 95, 18]);
    expect(compose(record(broken))).toMatchObject({ type: 'ingestion.failed', data: { status: 'failed', insights: { 'shop.segments': { top: 1 } }, metadata: { order: [1, null] } } });
    expect(ingestionStatus(record(broken))).toBe('failed');
    expect(ingestionStatus(broken.record(96))).toBe('partial');
    expect(ingestionStatus(record(whole()))).toBe('completed');
  });

  it('does not depend on when it is made', () => {
    const record = whole().record(96);
    expect(JSON.stringify(compose(structuredClone(record)))).toBe(JSON.stringify(compose(record)));
  });
});

describe('the budget report', () => {
  it('says for each task when it could begin, how long it waited, ran, and what was spent around it', () => {
    const { budget } = compose(whole().record(96)).data;
    expect(budget).toMatchObject({ budgetMs: 10_000, usedMs: 96 });
    const of = (name: string) => budget.steps.find((step) => step.task === name);
    expect(of('process.initiate')).toMatchObject({ readyMs: 0, queueMs: 5, runMs: 3, overheadMs: 2 });
    expect(of('shop.dataset')).toMatchObject({ readyMs: 15, queueMs: 5, runMs: 25, overheadMs: 5 });
    expect(of('analytics.distribute')).toMatchObject({ readyMs: 50, queueMs: 5, runMs: 2, overheadMs: 3 });
    expect(of('web.sessions')).toMatchObject({ readyMs: 60, queueMs: 1, runMs: 4, overheadMs: 1 });
  });
});

describe('ingestionStatus', () => {
  it('follows the record', () => {
    const open = begun().record();
    expect(ingestionStatus({ ...open, status: 'received' })).toBe('accepted');
    expect(ingestionStatus(open)).toBe('running');
    expect(ingestionStatus({ ...open, status: 'cancelled' })).toBe('cancelled');
    expect(ingestionStatus(whole().record(96))).toBe('completed');
    expect(progressOf(whole().record(96)).status).toBe('succeeded');
  });
});
