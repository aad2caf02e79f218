import '@millrace/testkit';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CallbackEvent } from '@millrace/contracts';
import { checkLayers } from '@millrace/verify';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { catalogFiles } from './catalog-files.js';
import { newDomain } from './new-domain.js';
import { copyWorkspace, linkPackage } from './workspace-copy.js';

const root = resolve(import.meta.dirname, '../../..');

describe('the catalogue', () => {
  it('is what the folders of libs/domains say: run `npm run new -- catalog`', async () => {
    const files = await catalogFiles(root);
    expect(files).toHaveLength(4);
    for (const { file, content } of files) expect({ file, content: await readFile(join(root, file), 'utf8') }).toEqual({ file, content });
  });
});

describe('a new domain', () => {
  let copy: string;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    ({ copy, remove } = await copyWorkspace(root));
  });

  afterAll(() => remove());

  /** Runs Node in the copy; resolves with what it wrote, rejects with it when it failed. */
  const node = (...args: string[]): Promise<string> =>
    new Promise((resolved, reject) => {
      const env = { ...process.env, NO_COLOR: '1', REDIS_URL: inject('redisUrl') };
      execFile(process.execPath, args, { cwd: copy, env, maxBuffer: 64 * 1024 * 1024 }, (err, stdout, stderr) => (err ? reject(new Error(`${err.message}${stdout}${stderr}`)) : resolved(stdout)));
    });

  it('compiles, passes its tests, is catalogued, and takes an ingestion, with nothing else edited', { timeout: 120_000 }, async () => {
    const { folder, files } = await newDomain(copy, 'web-churn');
    expect(folder).toBe('libs/domains/web-churn');
    expect(files).toContain('src/web-churn.domain.ts');
    await linkPackage(copy, 'domain-web-churn', '../../libs/domains/web-churn');

    await node('node_modules/typescript/bin/tsc', '-b', 'libs/domains/catalog', 'tools/docs');
    await node('node_modules/oxlint/bin/oxlint', '--deny-warnings', folder, 'libs/domains/catalog');
    const { findings } = await checkLayers(copy);
    expect(findings.filter(({ file }) => file.startsWith(folder))).toEqual([]);
    expect(await node('node_modules/vitest/vitest.mjs', 'run', folder)).toMatch(/Tests +7 passed/);
    await node('tools/docs/dist/generate.js');
    expect(await readFile(join(copy, 'docs/errors.md'), 'utf8')).toContain('MILLRACE_WEB_CHURN_NOTHING_USABLE');

    const event = JSON.parse(await node('--input-type=module', '-e', ingestion)) as CallbackEvent;
    expect(event).toMatchObject({
      type: 'ingestion.completed',
      data: {
        datasets: { 'web-churn.dataset': { rows: 6, accepted: 4, rejected: { 'bad-amount': 1, duplicate: 1 } } },
        insights: { 'web-churn.totals': { rows: 4, amount: 37.75, groups: { north: { rows: 2, amount: 32.5 }, south: { rows: 1, amount: 7.5 } } } },
      },
    });
  });

  it.each(['Churn', 'churn_rate', '1st', 'churn-', 'bench', 'catalog', '../churn', ''])('cannot be named %j', async (name) => {
    await expect(newDomain(copy, name)).rejects.toThrow(/cannot name a domain; take lower-case words with dashes between them/);
  });

  it('does not take the place of another', async () => {
    await expect(newDomain(copy, 'orders')).rejects.toThrow('there is a folder libs/domains/orders already');
  });
});

const ingestion = `
import { readFile } from 'node:fs/promises';
import { Product } from './tools/e2e/dist/index.js';
const product = await Product.start({ name: 'redis', url: process.env.REDIS_URL }, { MILLRACE_PREFIX: 'new-' + process.pid, MILLRACE_DOMAINS: 'web-churn' });
try {
  const id = await product.ingest(await readFile('libs/domains/web-churn/fixtures/sample.csv'), 'text/csv');
  const { event } = await product.callback(id);
  process.stdout.write(JSON.stringify(event));
} finally {
  await product.stop();
}
`;
