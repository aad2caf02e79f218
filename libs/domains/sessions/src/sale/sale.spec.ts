import { MemoryArtifacts, memoryContext } from '@millrace/domain-testing';
import type { LoadedModel, Models } from '@millrace/models';
import { describe, expect, it } from 'vitest';
import { encodeDataset } from '../dataset/session-dataset.js';
import { readSessions } from '../test/read-sessions.js';
import { clickExport, clicksInOrder, summaryExport } from '../test/rows.js';
import { saleFeatures, saleFeaturesOf } from './features.js';
import { saleTask } from './sale.task.js';

/** Gives scored session n the n-th of these probabilities. */
function modelsScoring(scores: readonly number[]): Models {
  return { get: (definition): LoadedModel => ({ definition, run: async (_matrix, rows) => Float32Array.from(scores.slice(0, rows)) }) };
}

async function run(bytes: Uint8Array, scores: readonly number[] = [], signal?: AbortSignal) {
  const artifacts = new MemoryArtifacts();
  const ref = await artifacts.write('dataset.json', encodeDataset((await readSessions(bytes, 'text/csv')).dataset), 'application/json');
  return saleTask.handler(memoryContext(artifacts, ref, modelsScoring(scores), signal), ref);
}

const on = (...categories: readonly string[]) => categories.map((category) => ({ 'page 1 (main category)': category }));
const sessions = clickExport(
  ...clicksInOrder('short', ...on('1', '1', '1', '4')),
  ...clicksInOrder('there', ...on('1', '1', '1', '1', '4', '1')),
  ...clicksInOrder('later', ...on('1', '1', '2', '2', '3', '4')),
  ...clicksInOrder('never', ...on('3', '3', '2', '2', '1', '1', '1')),
  ...clicksInOrder('ended', ...on('1', '1', '1', '1', '2')),
  ...clicksInOrder('cut', ...on('1', '1', '1', '1', '1', '1')).slice(1),
);

describe('sessions.sale', () => {
  it('predicts for sessions of five clicks outside the sale, and counts the others', async () => {
    expect(await run(sessions, [0.375, 0.125, 0.625])).toEqual({
      model: 'sessions.sale@2',
      available: true,
      watchedClicks: 5,
      sessions: 6,
      scored: 3,
      tooShort: 1,
      beginningMissing: 1,
      alreadyAtSale: 1,
      expectedLooks: 1.1,
      bands: [
        { name: 'high', from: 0.5, sessions: 1, expected: 0.6, observedRate: 0 },
        { name: 'middle', from: 0.25, sessions: 1, expected: 0.4, observedRate: 1 },
        { name: 'low', from: 0, sessions: 1, expected: 0.1, observedRate: 0 },
      ],
      observed: { positives: 1, rate: 0.3333, auc: 0.5 },
      top: [
        { score: 0.625, session: 'ended', day: '2026-09-01', country: 29, nowAt: 'skirts' },
        { score: 0.375, session: 'later', day: '2026-09-01', country: 29, nowAt: 'blouses' },
        { score: 0.125, session: 'never', day: '2026-09-01', country: 29, nowAt: 'trousers' },
      ],
    });
  });

  it('says what is missing instead of failing', async () => {
    expect(await run(summaryExport([{}]))).toEqual({ available: false, reason: expect.stringContaining('send click events with the columns session ID, order') });
  });

  it('has an insight without any session to predict for', async () => {
    expect(await run(clickExport({}))).toMatchObject({ scored: 0, tooShort: 1, expectedLooks: 0, observed: { positives: 0, rate: 0, auc: null }, top: [] });
  });

  it('stops with the signal’s reason', async () => {
    const reason = new Error('time is up');
    await expect(run(sessions, [0, 0, 0], AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('sees nothing of what comes after the fifth click', async () => {
    const first = clicksInOrder('7', ...on('1', '2', '2', '3', '3'));
    const featuresOf = async (bytes: Uint8Array) => saleFeaturesOf((await readSessions(bytes, 'text/csv')).dataset.clicks!, 0);
    const ended = await featuresOf(clickExport(...first));
    const wentOn = await featuresOf(clickExport(...first, { order: '6', 'page 1 (main category)': '4', price: '18', page: '5', location: '6' }));
    expect(wentOn).toEqual(ended);
    expect(Object.keys(ended).toSorted()).toEqual([...saleFeatures].toSorted());
  });
});
