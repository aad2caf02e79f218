import { group, signature } from '@millrace/canvas';
import { exerciseRunStore } from '@millrace/run-store-conformance';
import { MemoryBlobStore, MemoryRunStore } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { ArtifactStore } from './artifact-store.js';
import { CanvasStore } from './canvas-store.js';
import { LargeCanvasRunStore } from './large-canvas-run-store.js';

const memory = new MemoryRunStore();
const blobs = new MemoryBlobStore();
const over = (runs: MemoryRunStore) => new LargeCanvasRunStore(runs, new CanvasStore(new ArtifactStore(blobs)));

exerciseRunStore('memory, with large canvases in a blob store', { create: () => over(new MemoryRunStore(memory)) });

const large = group(Array.from({ length: 2_000 }, (_, i) => signature('some.task', i)));
const timing = { claimedAt: 1, settledAt: 1, handlerMs: 1 };

describe('a large canvas', () => {
  it('lies in the blob store, and is seen as if it were in the record', async () => {
    const inner = new MemoryRunStore();
    const { run } = await over(inner).create({ id: 'run_1', tenant: 'acme', canvas: large, createdAt: 1, finaliseAt: 2, deadlineAt: 3 }, 5);
    expect(run.canvas).toEqual(large);
    expect(JSON.stringify(await inner.read('run_1')).length).toBeLessThan(1_000);
    expect((await over(inner).read('run_1'))?.canvas).toEqual(large);
  });

  it('may take the place of a step', async () => {
    const inner = new MemoryRunStore();
    const runs = over(inner);
    await runs.create({ id: 'run_1', tenant: 'acme', canvas: signature('a'), createdAt: 1, finaliseAt: 2, deadlineAt: 3 }, 5);
    await runs.claim('run_1', { step: '0', sweepAt: 5 });
    const settled = await runs.settle('run_1', { step: '0', sweepAt: 5 }, { status: 'replaced', canvas: large, timing });
    expect(settled?.run.steps['0']?.settlement).toMatchObject({ status: 'replaced', canvas: large });
    expect(JSON.stringify(await inner.read('run_1')).length).toBeLessThan(1_000);
  });
});
