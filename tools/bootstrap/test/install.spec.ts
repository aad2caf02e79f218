import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { isInstalled } from '../install.mjs';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const locked = {
  '': { name: 'x' },
  'libs/kernel': { version: '0.1.0' },
  'node_modules/@x/kernel': { resolved: 'libs/kernel', link: true },
  'node_modules/zod': { version: '4.6.7' },
  'libs/kernel/node_modules/zod': { version: '3.0.0' },
  'node_modules/binding-for-another-machine': { version: '1.0.0', optional: true },
};
const { 'node_modules/binding-for-another-machine': _, '': __, ...installed } = locked;

function projectWith(present?: Record<string, object>): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-install-'));
  folders.push(folder);
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: locked }));
  if (present) {
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: present }));
  }
  return folder;
}

it('knows when all that is locked is there', () => {
  expect(isInstalled(projectWith(installed))).toBe(true);
});

it('wants an install when something is missing or of another version', () => {
  expect(isInstalled(projectWith())).toBe(false);
  expect(isInstalled(projectWith({ ...installed, 'node_modules/zod': { version: '4.6.6' } }))).toBe(false);
  expect(isInstalled(projectWith({ ...installed, 'libs/kernel/node_modules/zod': { version: '4.0.0' } }))).toBe(false);
  const { 'node_modules/@x/kernel': ___, ...unlinked } = installed;
  expect(isInstalled(projectWith(unlinked))).toBe(false);
});
