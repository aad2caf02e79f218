import { MemoryArtifacts, memoryContext } from '@millrace/domain-testing';
import { loadOnnxModels, type Models } from '@millrace/models';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeDataset } from './dataset/order-dataset.js';
import { ordersDomain } from './orders.domain.js';
import { smallExport } from './test/small-export.js';

const exports = {
  'one line': ['1,A100,1,2026-03-02 09:00,2.00,7'],
  'guests only': ['1,A100,1,2026-03-02 09:00,2.00,', '2,A100,1,2026-03-12 09:00,2.00,'],
  'cancellations only': ['C1,A100,-1,2026-03-02 09:00,2.00,7'],
  'services only': ['1,POST,1,2026-03-02 09:00,2.00,7', '2,POST,1,2026-03-20 09:00,2.00,7'],
  'a quantity of zero': ['1,A100,0,2026-03-02 09:00,2.00,7'],
  'two centuries': ['1,A100,1,1826-03-02 09:00,2.00,7', '2,A100,999999999,2026-03-02 09:00,999999999.99,7'],
};

describe.each(Object.entries(exports))('an export of %s', (_, rows) => {
  let models: Models;
  beforeAll(async () => {
    models = await loadOnnxModels(ordersDomain.models);
  });

  it.each(ordersDomain.analyses.map((task) => [task.name, task] as const))('has an insight of %s that is plain JSON, without a NaN', async (name, task) => {
    const artifacts = new MemoryArtifacts();
    const ref = await artifacts.write('dataset.json', encodeDataset(smallExport(...rows)), 'application/json');
    const insight = await task.handler(memoryContext(artifacts, ref, models), ref);
    expect(insight).toMatchObject({ model: expect.stringMatching(new RegExp(`^${name}@\\d+$`)) });
    expect(JSON.parse(JSON.stringify(insight))).toEqual(insight);
  });
});
