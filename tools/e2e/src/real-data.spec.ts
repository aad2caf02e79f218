import type { CallbackEvent } from '@millrace/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Product } from './product.js';
import { prefixed, profiles } from './profiles.js';
import { fixture, metrics, missingSets, realFile, skipped } from './real-data.js';

type Named = Readonly<Record<string, number>>;

interface ExpectedOrders {
  readonly report: object;
  readonly segments: { readonly customers: number; readonly revenue: number; readonly segments: Readonly<Record<string, Named>> };
}

interface ExpectedSessions {
  readonly report: object;
  readonly segments: readonly object[];
}

interface ExpectedLooks {
  readonly demo: { readonly sessions: number; readonly lookedAtSale: number; readonly purchases: number; readonly auc: number };
}

/** Of a feedback model's demonstration rows. */
interface Reached {
  readonly demo: Readonly<Record<string, { readonly accuracy: number; readonly byLabel: Readonly<Record<string, Named>> }>>;
}

const missing = missingSets('online_retail', 'fashion_reviews', 'sms_spam', 'banking77', 'eshop_clickstream', 'online_shoppers');

describe.skipIf(missing !== '')(`real data${skipped(missing)}`, () => {
  describe.each(profiles)('on the $name profile', ({ name, profile }) => {
    let product: Product;

    beforeAll(async () => {
      product = await Product.start(profile(), prefixed(`real-${name}`));
    });

    afterAll(() => product.stop());

    async function outcomeOf(set: string, file: string, contentType = 'text/csv'): Promise<CallbackEvent> {
      const { received, event } = await product.callback(await product.ingest(await realFile(set, file), contentType, { filename: file }));
      expect(received.signatureProblem).toBeUndefined();
      expect(event.data.tasks.filter((task) => task.status !== 'succeeded')).toEqual([]);
      return event;
    }

    it.each([
      ['demo_week.csv', 'text/csv', 'demo-week'],
      ['demo_week.ndjson', 'application/x-ndjson', 'demo-week'],
      ['demo.csv', 'text/csv', 'demo'],
    ])('order lines of %s come back with what Python worked out from them', async (file, contentType, worked) => {
      const { data } = await outcomeOf('online_retail', file, contentType);
      expect(Object.keys(data.insights)).toHaveLength(6);
      await expectOrders(data, worked);
    });

    it('reviews come back with the counts and agreements that Python worked out', async () => {
      const { data } = await outcomeOf('fashion_reviews', 'demo.csv');
      expectReviews(data.datasets['feedback.dataset']);
      const [sentiment, department] = [await metrics<Reached>('feedback/sentiment.json'), await metrics<Reached>('feedback/department.json')];
      const { 'feedback.sentiment': sounds, 'feedback.department': about } = data.insights as Record<string, Record<string, { share: number }>>;
      expect(sounds?.['ratings']?.share).toBeCloseTo(sentiment.demo['fashion_reviews']?.accuracy ?? NaN, 2);
      expect(about?.['named']?.share).toBeCloseTo(department.demo['fashion_reviews']?.accuracy ?? NaN, 2);
      expect(data.insights['feedback.spam']).toMatchObject({ read: 3_394, spam: 0 });
    });

    it('text messages come back with the spam among them', async () => {
      const { data } = await outcomeOf('sms_spam', 'demo.csv');
      const { recall = NaN, precision = NaN } = (await metrics<Reached>('feedback/spam.json')).demo['sms_spam']?.byLabel['spam'] ?? {};
      const labelled = (await realFile('sms_spam', 'demo.csv')).toString('utf8').match(/^spam,/gm)?.length ?? 0;
      expect(data.insights['feedback.spam']).toMatchObject({ read: 542, spam: Math.round((recall * labelled) / precision) });
    });

    it('bank questions come back with what their writers want', async () => {
      const { data } = await outcomeOf('banking77', 'demo.csv');
      expect(data.datasets['feedback.dataset']).toMatchObject({ kind: 'messages', rows: 662, accepted: 662 });
      expect((data.insights['feedback.intent'] as { noneOfThese: { share: number } }).noneOfThese.share).toBeLessThan(0.03);
    });

    it('click events and session summaries come back with the segments, purchases and looks that Python worked out', async () => {
      const [clicks, summaries] = await Promise.all([outcomeOf('eshop_clickstream', 'demo.csv'), outcomeOf('online_shoppers', 'demo.csv')]);
      expect(Object.keys({ ...clicks.data.insights, ...summaries.data.insights })).toHaveLength(4);
      await expectClicks(clicks.data);
      await expectSummaries(summaries.data);
    });

    it('one form with files of all domains comes back with what each file has by itself, and a summary', async () => {
      const form = new FormData();
      const files = [['online_retail', 'demo_week.csv'], ['online_shoppers', 'demo.csv'], ['fashion_reviews', 'demo.csv'], ['eshop_clickstream', 'demo.csv']] as const;
      for (const [set, file] of files) form.append(set, new Blob([new Uint8Array(await realFile(set, file))], { type: 'text/csv' }), `${set}-${file}`);
      form.append('notes', new Blob(['a,b\n1,2\n'], { type: 'text/csv' }), 'notes.csv');
      const { status, body } = await product.post(form, undefined, { budgetMs: '25000' });
      expect(status).toBe(202);
      const { event } = await product.callback(body.id);
      expect(event.data.tasks.filter((task) => task.status !== 'succeeded')).toEqual([]);
      expect(event.data.tasks).toHaveLength(3 + 3 + 5 + 6 + 3 + 1);
      const { data } = (await product.view(body.id)).outcome ?? event;
      await expectOrders(data, 'demo-week');
      expectReviews(data.datasets['feedback.dataset']);
      await expectSessionsTogether(data);
      const summary = data.insights['summary.overview'] as { domains: ReadonlyArray<{ domain: string }> };
      expect(summary).toMatchObject({ notTaken: ['notes.csv'], text: expect.stringContaining('No domain takes notes.csv.') });
      expect(Object.fromEntries(summary.domains.map((part) => [part.domain, part]))).toMatchObject({
        orders: { files: ['online_retail-demo_week.csv'], figures: { lines: 10_257 }, problems: [] },
        feedback: { files: ['fashion_reviews-demo.csv'], figures: { accepted: 3_394, spam: 0 }, problems: [] },
        sessions: { files: ['online_shoppers-demo.csv', 'eshop_clickstream-demo.csv'], figures: { clickSessions: 1_629, summarisedSessions: 1_161 }, problems: [] },
      });
    });
  });
});

type Data = CallbackEvent['data'];

async function expectOrders({ datasets, insights }: Data, worked: string): Promise<void> {
  const expected = await fixture<ExpectedOrders>('orders', `${worked}-expected.json`);
  const anomalies = await fixture<Named>('orders', `${worked}-anomalies.json`);
  const repurchase = await fixture<Named>('orders', `${worked}-repurchase.json`);
  const { forecast } = await fixture<{ readonly forecast: readonly number[] }>('orders', `${worked}-revenue.json`);
  const returns = await fixture<Named>('orders', `${worked}-returns.json`);
  expect(datasets['orders.dataset']).toMatchObject(expected.report);
  const segments = insights['orders.segments'] as { segments: ReadonlyArray<{ name: string; customers: number; orders: number; revenue: number }> };
  expect(segments).toMatchObject({ customers: expected.segments.customers, revenue: expected.segments.revenue });
  expect(Object.fromEntries(segments.segments.map(({ name, customers, orders, revenue }) => [name, { customers, orders, revenue }]))).toEqual(expected.segments.segments);
  expect(insights['orders.anomalies']).toMatchObject({ invoicesScored: anomalies['invoices'], flagged: anomalies['flagged'] });
  expect(insights['orders.repurchase']).toMatchObject({ customers: repurchase['customers'] });
  expect(insights['orders.returns']).toMatchObject({ returned: returns['returned'] });
  const { low, expected: middle, high } = (insights['orders.revenue'] as { next7Days: Named }).next7Days;
  for (const [index, value] of [low, middle, high].entries()) expect(value).toBeCloseTo(forecast[index] ?? NaN, 1);
}

/** As counted with Python's csv module: blank in title and text, by rating. */
const expectReviews = (report: unknown): void =>
  expect(report).toMatchObject({ kind: 'reviews', rows: 3_534, accepted: 3_394, rejected: { 'missing-text': 140 }, titled: 2_951, ratings: [117, 241, 419, 731, 1_886] });

async function expectClicks({ datasets, insights }: Data): Promise<void> {
  const { demoClicks } = await fixture<Record<string, ExpectedSessions>>('sessions', 'expected.json');
  const { demo } = await fixture<ExpectedLooks>('sessions', 'sale.json');
  expect(datasets['sessions.dataset']).toMatchObject(demoClicks?.report ?? {});
  expect(insights['sessions.segments']).toMatchObject({ clicks: { segments: demoClicks?.segments } });
  expect(insights['sessions.sale']).toMatchObject({ scored: demo.sessions, observed: { positives: demo.lookedAtSale, auc: expect.closeTo(demo.auc, 3) } });
  expect(insights['sessions.purchase-intent']).toMatchObject({ available: false });
}

async function expectSummaries({ datasets, insights }: Data): Promise<void> {
  const { demoSummaries } = await fixture<Record<string, ExpectedSessions>>('sessions', 'expected.json');
  const { demo } = await fixture<ExpectedLooks>('sessions', 'purchase-with-page-values.json');
  expect(datasets['sessions.dataset']).toMatchObject(demoSummaries?.report ?? {});
  expect(insights['sessions.segments']).toMatchObject({ summaries: { segments: demoSummaries?.segments } });
  expect(insights['sessions.purchase-intent']).toMatchObject({ sessions: demo.sessions, observed: { positives: demo.purchases, auc: expect.closeTo(demo.auc, 3) } });
  expect(insights['sessions.sale']).toMatchObject({ available: false });
}

async function expectSessionsTogether({ datasets, insights }: Data): Promise<void> {
  const { demoClicks, demoSummaries } = await fixture<Record<string, ExpectedSessions>>('sessions', 'expected.json');
  expect(datasets['sessions.dataset']).toMatchObject({ rows: 12_061, accepted: 12_061, files: [{ kind: 'summaries', rows: 1_161 }, { kind: 'clicks', rows: 10_900 }] });
  expect(insights['sessions.segments']).toMatchObject({ clicks: { segments: demoClicks?.segments }, summaries: { segments: demoSummaries?.segments } });
  expect(insights['sessions.purchase-intent']).toMatchObject({ available: true });
  expect(insights['sessions.sale']).toMatchObject({ available: true });
}
