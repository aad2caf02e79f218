import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { checkLayers } from './check-layers.js';
import { selfTest } from './self-test.js';

const root = resolve(import.meta.dirname, '../../..');

it('finds nothing in this repository', async () => {
  const { findings, files } = await checkLayers(root);
  expect(findings).toEqual([]);
  expect(files).toBeGreaterThan(100);
});

it('finds every breach planted in a copy of it', async () => {
  expect(await selfTest(root)).toEqual([]);
});
