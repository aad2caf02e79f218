import { expect, it } from 'vitest';
import { type Layer, layers } from './layer-table.js';
import type { Package } from './packages.js';
import { breachesOf, type SourceFile } from './rules.js';

/** A package for each layer, and what it declares to depend on. */
const packageOf = (layer: Layer): Package => ({
  name: `@millrace/${layer}`,
  folder: `libs/${layer}`,
  layer,
  dependencies: new Set([...layers.map((each) => `@millrace/${each}`), 'ioredis', 'bullmq', '@aws-sdk/client-s3', '@nestjs/core', 'zod']),
  devDependencies: new Set(['vitest']),
});
const workspace = new Map(layers.map((layer) => [`@millrace/${layer}`, packageOf(layer)]));

function rulesBroken(layer: Layer, what: string, { kind = 'import', isSpec = false }: { kind?: 'import' | 'time' | 'environment'; isSpec?: boolean } = {}): string[] {
  const file: SourceFile = { path: `libs/${layer}/src/deep/file.ts`, owner: packageOf(layer), isSpec };
  return breachesOf({ kind, what, line: 1 }, file, workspace).map(({ rule }) => rule);
}

const importable = (layer: Layer, isSpec = false) => layers.filter((other) => rulesBroken(layer, `@millrace/${other}`, { isSpec }).length === 0).join(' ');

it('lets imports go down only', () => {
  expect(Object.fromEntries(layers.map((layer) => [layer, importable(layer)]))).toEqual({
    kernel: 'kernel',
    contracts: 'kernel contracts',
    core: 'kernel contracts core',
    ports: 'kernel contracts core ports',
    clients: 'kernel contracts clients', // the last: a package may import itself by name
    adapters: 'kernel contracts core ports clients adapters',
    conformance: 'kernel contracts core ports conformance',
    runtime: 'kernel contracts core ports runtime',
    platform: 'kernel contracts core ports clients adapters runtime platform',
    domains: 'kernel contracts core domains',
    product: 'kernel contracts core ports runtime domains product',
    apps: 'kernel contracts core ports runtime platform domains product apps',
    testkit: layers.join(' '),
    tools: layers.join(' '),
  });
});

it('lets specs import testkit and the conformance suites besides', () => {
  expect(importable('adapters', true)).toBe('kernel contracts core ports clients adapters conformance testkit');
  expect(importable('domains', true)).toBe('kernel contracts core conformance domains testkit');
});

it('keeps clients to adapters and Nest to platform and apps', () => {
  const allowed = (module: string) => layers.filter((layer) => rulesBroken(layer, module).length === 0).join(' ');
  expect(allowed('ioredis')).toBe('clients adapters testkit tools');
  expect(allowed('bullmq')).toBe('clients adapters testkit tools');
  expect(allowed('@aws-sdk/client-s3')).toBe('clients adapters testkit tools');
  expect(allowed('@nestjs/core/internal')).toBe('platform apps');
});

it('refuses what package.json does not declare', () => {
  expect(rulesBroken('core', 'zod/v4')).toEqual([]);
  expect(rulesBroken('core', 'node:fs')).toEqual([]);
  expect(rulesBroken('core', 'undici')).toEqual(['undeclared']);
  expect(rulesBroken('core', 'vitest')).toEqual(['undeclared']);
  expect(rulesBroken('core', 'vitest', { isSpec: true })).toEqual([]);
  expect(rulesBroken('tools', 'vitest')).toEqual([]);
});

it('keeps relative imports inside their package', () => {
  expect(rulesBroken('core', '../other.js')).toEqual([]);
  expect(rulesBroken('core', '../../test/support.js')).toEqual([]);
  expect(rulesBroken('core', '../../../kernel/src/clock.js')).toEqual(['outside']);
  expect(rulesBroken('core', '../../../core-too/src/index.js')).toEqual(['outside']);
});

it('keeps time, randomness and the environment where they belong', () => {
  const free = (kind: 'time' | 'environment') => layers.filter((layer) => rulesBroken(layer, 'x', { kind }).length === 0).join(' ');
  expect(free('time')).toBe('kernel clients adapters conformance testkit tools');
  expect(free('environment')).toBe('testkit tools');
  expect(rulesBroken('runtime', 'node:timers/promises')).toEqual(['time']);
  expect(rulesBroken('runtime', 'Date.now', { kind: 'time', isSpec: true })).toEqual([]);
  const reader = { path: 'libs/platform/src/process-environment.ts', owner: packageOf('platform'), isSpec: false };
  expect(breachesOf({ kind: 'environment', what: 'process.env', line: 1 }, reader, workspace)).toEqual([]);
});
