import type { Chord, Group, MemberOutcome } from '@millrace/canvas';
import type { Domain, Findings } from '@millrace/domain';
import type { TaskContext } from '@millrace/tasks';
import { describe, expect, it } from 'vitest';
import { analyticsCanvas } from '../ingestion.pipeline.js';
import { createProduct } from '../product.js';
import type { SummaryContent } from './content.js';
import { overview } from './overview.js';
import { summaryTaskFor } from './summary.task.js';

const told: Findings[] = [];
const task = (name: string) => ({ name, s: (arg: unknown) => ({ kind: 'task', task: name, args: [arg] }) });
const domain = (name: string, analyses: readonly string[], isTalkative = true): Domain =>
  ({
    name,
    dataset: task(`${name}.dataset`),
    analyses: analyses.map((analysis) => task(`${name}.${analysis}`)),
    ...(isTalkative
      ? {
          summarise: (findings: Findings) => {
            told.push(findings);
            return { sentences: [`${name} found ${Object.keys(findings.insights).join(' and ') || 'nothing'}.`], figures: { found: Object.keys(findings.insights).length } };
          },
        }
      : {}),
  }) as unknown as Domain;

const shop = domain('shop', ['segments', 'anomalies']);
const web = domain('web', ['looks']);
const bench = domain('bench', ['sum'], false);
const ref = { key: 'k', bytes: 1, sha256: '0'.repeat(64), contentType: 'text/csv' };
const files = [{ ...ref, filename: 'orders.csv' }, { ...ref, field: 'clicks' }, ref];
const made: MemberOutcome = { status: 'succeeded', value: { dataset: ref, report: { rows: 3 } } };
const failed: MemberOutcome = { status: 'failed', error: { code: 'X', message: 'no row can be used', retryable: false } };

describe('analyticsCanvas', () => {
  it('ends with a summary of all analyses, told which files each domain had', () => {
    const canvas = analyticsCanvas({ domains: [shop, web], files }, [{ domain: 'shop', files: [0] }, { domain: 'web', files: [1] }], [made, failed]) as Chord;
    expect(canvas).toMatchObject({ kind: 'chord', header: { members: [{ task: 'shop.segments' }, { task: 'shop.anomalies' }], policy: 'collect' }, body: { task: 'summary.overview' } });
    expect(canvas.body).toMatchObject({
      args: [
        {
          files: ['orders.csv', 'clicks', 'file 3'],
          domains: [
            { domain: 'shop', files: [0], analyses: ['shop.segments', 'shop.anomalies'], report: { rows: 3 } },
            { domain: 'web', files: [1], analyses: [], problem: 'no row can be used' },
          ],
        } satisfies SummaryContent,
      ],
    });
  });

  it('has no summary when no dataset was made, or no domain has anything to say', () => {
    expect((analyticsCanvas({ domains: [shop], files }, [{ domain: 'shop' }], [failed]) as Group).kind).toBe('group');
    expect((analyticsCanvas({ domains: [bench], files }, [{ domain: 'bench' }], [made]) as Group).kind).toBe('group');
  });
});

describe('the summary', () => {
  const content: SummaryContent = {
    files: ['orders.csv', 'clicks', 'notes.txt'],
    domains: [
      { domain: 'shop', files: [0], analyses: ['shop.segments', 'shop.anomalies'], report: { rows: 3 } },
      { domain: 'web', files: [1], analyses: ['web.looks'], report: { rows: 9 } },
    ],
  };

  it('says what each domain found, what failed and what no domain takes', () => {
    const outcomes: readonly MemberOutcome[] = [{ status: 'succeeded', value: { top: 1 } }, failed, { status: 'late' }];
    expect(overview([shop, web], outcomes, content)).toEqual({
      text: [
        'shop: shop found segments. shop.anomalies gave nothing: no row can be used.',
        'web: web found nothing. web.looks gave nothing: it was not done in time.',
        'No domain takes notes.txt.',
      ].join('\n'),
      domains: [
        { domain: 'shop', files: ['orders.csv'], sentences: ['shop found segments.'], figures: { found: 1 }, problems: [{ task: 'shop.anomalies', reason: 'no row can be used' }] },
        { domain: 'web', files: ['clicks'], sentences: ['web found nothing.'], figures: { found: 0 }, problems: [{ task: 'web.looks', reason: 'it was not done in time' }] },
      ],
      notTaken: ['notes.txt'],
    });
    expect(told.slice(-2)).toEqual([
      { report: { rows: 3 }, insights: { segments: { top: 1 } } },
      { report: { rows: 9 }, insights: {} },
    ]);
  });

  it('says of a domain without a dataset why there is none', () => {
    const without: SummaryContent = { files: ['a.csv'], domains: [{ domain: 'shop', analyses: [], problem: 'the file is empty' }] };
    expect(overview([shop], [], without)).toMatchObject({ text: 'shop: shop.dataset gave nothing: the file is empty.', domains: [{ files: ['a.csv'], sentences: [], problems: [{ task: 'shop.dataset' }] }], notTaken: [] });
  });

  it('is a task that takes the outcomes of a chord', async () => {
    const { args, handler } = summaryTaskFor([shop]);
    const content1: SummaryContent = { files: ['a.csv'], domains: [{ domain: 'shop', analyses: ['shop.segments'], report: {} }] };
    const given = args.parse(JSON.parse(JSON.stringify([[{ status: 'succeeded', value: {} }], content1]))) as never[];
    expect(await handler({} as TaskContext, ...given)).toMatchObject({ text: 'shop: shop found segments.' });
  });
});

describe('createProduct', () => {
  it('has the summary where a domain has something to say in it', () => {
    expect(createProduct(['orders']).analyses.map(({ name }) => name)).toContain('summary.overview');
    expect(createProduct(['bench']).analyses.map(({ name }) => name)).toEqual(['bench-a.sum', 'bench-a.mean', 'bench-b.sum', 'bench-b.largest', 'bench-c.spread']);
  });

  it('routes all tasks of all domains', () => {
    const { router, analyses } = createProduct(['orders', 'feedback', 'sessions']);
    expect(analyses).toHaveLength(5 + 6 + 3 + 1);
    for (const { name } of analyses) expect(router.queueOf(name)).toBe('analyses');
  });
});
