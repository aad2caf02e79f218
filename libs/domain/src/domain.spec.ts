import { defineModel } from '@millrace/models';
import { defaultPolicy, defineTask } from '@millrace/tasks';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineDomain } from './domain.js';

const model = defineModel({ name: 'shop.risk', version: '1', file: new URL('file:///risk.onnx'), sha256: '0'.repeat(64), features: 1, input: 'rows', output: 'scores' });
const dataset = defineTask({ name: 'shop.dataset', args: z.tuple([z.any()]), handler: async () => ({ dataset: { key: 'd', bytes: 0, sha256: '0'.repeat(64), contentType: 'x' }, report: {} }) });
const risk = defineTask({ name: 'shop.risk', args: z.tuple([z.any()]), policy: { maxAttempts: 1 }, handler: async () => ({}) });
const parts = { name: 'shop', accepts: () => true, dataset, analyses: [risk], models: [model] };

describe('defineDomain', () => {
  it('leaves tasks as they are', () => {
    expect(defineDomain(parts)).toEqual(parts);
    expect(defineDomain(parts).dataset.policy).toEqual(defaultPolicy);
  });

  it('has all results kept for the same version, and those of analyses for the same models', () => {
    const cache = { version: '3', ttlMs: 1_000 };
    const domain = defineDomain({ ...parts, cache });
    expect(domain.dataset.policy).toEqual({ ...defaultPolicy, cache });
    expect(domain.analyses.map(({ policy }) => policy)).toEqual([{ ...defaultPolicy, maxAttempts: 1, cache: { ...cache, models: [model] } }]);
    expect(domain).not.toHaveProperty('cache');
    expect(risk.policy).not.toHaveProperty('cache');
  });
});
