import { MemoryArtifacts, memoryContext } from '@millrace/domain-testing';
import type { LoadedModel, Models } from '@millrace/models';
import { describe, expect, it } from 'vitest';
import { encodeDataset } from '../dataset/order-dataset.js';
import { readOrders } from '../test/read-orders.js';
import { anomaliesTask } from './anomalies.task.js';
import { anomalyModel } from './model.js';

const rows = Array.from({ length: 6 }, (_, index) => `${1001 + Math.floor(index / 2)},A,${index + 1},2026-03-02 09:00,2.50,7`);
const { dataset } = readOrders(Buffer.from(['InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID', ...rows].join('\n')), 'csv');

/** Gives line n the n-th of these log-odds. */
function modelsScoring(scores: readonly number[]): Models {
  const model: LoadedModel = { definition: anomalyModel, run: async (_matrix, lines) => Float32Array.from(scores.slice(0, lines)) };
  return { get: () => model };
}

async function run(scores: readonly number[], signal?: AbortSignal) {
  const artifacts = new MemoryArtifacts();
  const ref = await artifacts.write('dataset.json', encodeDataset(dataset), 'application/json');
  return anomaliesTask.handler(memoryContext(artifacts, ref, modelsScoring(scores), signal), ref);
}

describe('orders.anomalies', () => {
  it('takes an invoice’s highest line, lists those above the threshold, highest first', async () => {
    expect(await run([-1, 0.4, 3, 2, 0.48, 5])).toMatchObject({
      model: 'orders.anomalies@2',
      invoicesScored: 3,
      linesScored: 6,
      threshold: 0.7213,
      flagged: 2,
      anomalies: [
        { invoice: '1003', row: 6, quantity: 6, price: 2.5, score: 0.9933, date: '2026-03-02 09:00' },
        { invoice: '1002', row: 3, quantity: 3, score: 0.9526 },
      ],
    });
  });

  it('lists none when nothing is above the threshold', async () => {
    expect(await run([-1, -1, -1, -1, -1, 0.4759])).toMatchObject({ flagged: 0, anomalies: [] });
  });

  it('lists equal invoices in the order of the export', async () => {
    const insight = await run([1, 1, 1, 1, 1, 1]);
    expect(insight).toMatchObject({ anomalies: [{ row: 1 }, { row: 3 }, { row: 5 }] });
  });

  it('stops with the signal’s reason', async () => {
    const reason = new Error('time is up');
    await expect(run([0, 0, 0, 0, 0, 0], AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
