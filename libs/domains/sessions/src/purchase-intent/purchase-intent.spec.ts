import { MemoryArtifacts, memoryContext } from '@millrace/domain-testing';
import type { LoadedModel, Models } from '@millrace/models';
import { describe, expect, it } from 'vitest';
import { encodeDataset } from '../dataset/session-dataset.js';
import { readSessions } from '../test/read-sessions.js';
import { clickExport, summaryExport } from '../test/rows.js';
import { purchaseIntentTask } from './purchase-intent.task.js';

/** Gives session n the n-th of these probabilities. */
function modelsScoring(scores: readonly number[]): Models {
  return { get: (definition): LoadedModel => ({ definition, run: async (_matrix, rows) => Float32Array.from(scores.slice(0, rows)) }) };
}

async function run(bytes: Uint8Array, scores: readonly number[] = [], signal?: AbortSignal) {
  const artifacts = new MemoryArtifacts();
  const ref = await artifacts.write('dataset.json', encodeDataset((await readSessions(bytes, 'text/csv')).dataset), 'application/json');
  return purchaseIntentTask.handler(memoryContext(artifacts, ref, modelsScoring(scores), signal), ref);
}

const rows = [{ Revenue: '0' }, { Revenue: '1', PageValues: '10.27' }, { Revenue: '0' }, { Revenue: '1' }];

describe('sessions.purchase-intent', () => {
  it('uses the model with page values where they were sent, and says what that means', async () => {
    expect(await run(summaryExport(rows), [0.125, 0.75, 0.25, 0.25])).toEqual({
      model: 'sessions.purchase-intent-page-values@2',
      available: true,
      seesPageValues: true,
      note: expect.stringContaining('finished sessions'),
      sessions: 4,
      expectedPurchases: 1.4,
      bands: [
        { name: 'likely', from: 0.5, sessions: 1, expected: 0.8, observedRate: 1 },
        { name: 'possible', from: 0.2, sessions: 2, expected: 0.5, observedRate: 0.5 },
        { name: 'unlikely', from: 0, sessions: 1, expected: 0.1, observedRate: 0 },
      ],
      observed: { positives: 2, rate: 0.5, auc: 0.875 },
      top: [
        { row: 2, score: 0.75, productPages: 20, productSeconds: 600, exitRate: 0.02, pageValue: 10.3 },
        expect.objectContaining({ row: 3, score: 0.25 }),
        expect.objectContaining({ row: 4, score: 0.25 }),
        expect.objectContaining({ row: 1, score: 0.125 }),
      ],
    });
  });

  it('uses the other model without them, and tells no outcome without Revenue', async () => {
    const insight = await run(summaryExport(rows, ['PageValues', 'Revenue']), [0.5, 0.2, 0.1, 0]);
    expect(insight).toMatchObject({ model: 'sessions.purchase-intent@2', seesPageValues: false, bands: [{ sessions: 1 }, { sessions: 1 }, { sessions: 2 }] });
    expect(insight).not.toHaveProperty('observed');
    expect(insight).not.toHaveProperty('note');
    expect(JSON.stringify(insight)).not.toContain('observedRate');
  });

  it('says what is missing instead of failing', async () => {
    expect(await run(clickExport({}))).toEqual({ available: false, reason: expect.stringContaining('send session summaries with the columns Administrative') });
    expect(await run(summaryExport(rows, ['Month', 'VisitorType']))).toEqual({ available: false, reason: 'the session summaries lack the columns Month, VisitorType; add them' });
  });

  it('has no AUC when all sessions came to the same', async () => {
    expect(await run(summaryExport([{}, {}]), [0.1, 0.2])).toMatchObject({ observed: { positives: 0, rate: 0, auc: null } });
  });

  it('stops with the signal’s reason', async () => {
    const reason = new Error('time is up');
    await expect(run(summaryExport(rows), [0, 0, 0, 0], AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
