import type { ArtifactRef } from '@millrace/contracts';
import type { TaskContext } from '@millrace/tasks';
import { describe, expect, it } from 'vitest';
import { benchDomains } from './bench.domain.js';

const rows = Array.from({ length: 20 }, (_, index) => ({ category: index % 2 === 0 ? 'even' : 'odd', value: index }));
const contentType = 'application/json';

function contextOf(payload: string): { ctx: TaskContext; raw: ArtifactRef } {
  const blobs = new Map([['raw', Buffer.from(payload)]]);
  const refOf = (key: string): ArtifactRef => ({ key, bytes: blobs.get(key)!.length, sha256: '0'.repeat(64), contentType });
  const artifacts = {
    write: async (name: string, bytes: Uint8Array) => {
      blobs.set(name, Buffer.from(bytes));
      return refOf(name);
    },
    read: async ({ key }: ArtifactRef) => blobs.get(key)!,
  };
  return { ctx: { artifacts } as unknown as TaskContext, raw: refOf('raw') };
}

async function run(payload: unknown) {
  const { ctx, raw } = contextOf(JSON.stringify(payload));
  const results: Record<string, unknown> = {};
  for (const domain of benchDomains) {
    const made = (await domain.dataset.handler(ctx, [raw])) as { dataset: ArtifactRef; report: unknown };
    results[domain.dataset.name] = made.report;
    for (const analysis of domain.analyses) results[analysis.name] = await analysis.handler(ctx, made.dataset);
  }
  return results;
}

describe('the bench domains', () => {
  it('make three datasets and five analyses of twenty rows', async () => {
    const report = { rows: 20, categories: 2 };
    expect(await run({ bench: true, rows })).toEqual({
      'bench-a.dataset': report,
      'bench-a.sum': { sum: 190 },
      'bench-a.mean': { mean: 95 },
      'bench-b.dataset': report,
      'bench-b.sum': { sum: 190 },
      'bench-b.largest': { largest: 100 },
      'bench-c.dataset': report,
      'bench-c.spread': { spread: 10 },
    });
  });

  it('accept their own payload and nothing else', () => {
    for (const { accepts } of benchDomains) {
      expect(accepts({ contentType, head: ' {"bench": true, "rows": [' })).toBe(true);
      expect(accepts({ contentType, head: '{"rows": [], "bench": true}' })).toBe(false);
      expect(accepts({ contentType: 'text/csv', head: '{"bench": true, "rows": [' })).toBe(false);
    }
  });

  it.each([{ bench: true, rows: [] }, { bench: true }, { bench: true, rows: [{ category: 'a' }] }, []])('refuse %j', async (payload) => {
    await expect(run(payload)).rejects.toMatchObject({ code: 'MILLRACE_BENCH_PAYLOAD', retryable: false });
  });
});
