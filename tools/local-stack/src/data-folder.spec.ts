import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { callbackSecret, prepareDataFolder } from './data-folder.js';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-data-'));
  folders.push(folder);
  await prepareDataFolder(folder);
  return folder;
}

it('makes a secret once for each folder, for its owner only', async () => {
  const [one, other] = [await dataFolder(), await dataFolder()];
  const secret = await callbackSecret(one);
  expect(secret).toMatch(/^whsec_/);
  expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
  expect(await callbackSecret(one)).toBe(secret);
  expect(await callbackSecret(other)).not.toBe(secret);
  expect((await stat(join(one, 'callback-secret'))).mode & 0o777).toBe(0o600);
});
