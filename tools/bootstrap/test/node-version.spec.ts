import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { nodeProblem } from '../node-version.mjs';

it('takes Node 20.19 and newer', () => {
  expect(['20.19.0', '20.20.2', '22.0.0', '24.21.0', '26.1.0'].map(nodeProblem)).toEqual(Array.from({ length: 5 }, () => undefined));
});

it('says in one line what to do about an older one', () => {
  expect(nodeProblem('18.20.4')).toMatch(/^Node 18\.20\.4 is too old: install Node 20\.19 or newer from https:\/\/nodejs\.org [^\n]*$/);
  expect(nodeProblem('20.18.3')).toBeDefined();
});

it('says what there is to run', () => {
  const { status, stderr } = spawnSync(process.execPath, [resolve(import.meta.dirname, '../run.mjs'), 'toString']);
  expect(status).toBe(1);
  expect(stderr.toString()).toBe('there is no «toString»; choose one of start, demo, example, bench, test, millrace, build, docs, new, lint, layers, check\n');
});
