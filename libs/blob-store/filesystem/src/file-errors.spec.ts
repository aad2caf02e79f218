import { expect, test } from 'vitest';
import { unavailable } from './file-errors.js';

test.each([
  ['EACCES', 'the folder /data cannot be used: this process has no right to use it'],
  ['ENOSPC', 'the folder /data cannot be used: the disk is full'],
  ['EROFS', 'the folder /data cannot be used: its file system is read-only'],
  ['EWHATEVER', 'the folder /data cannot be used: EWHATEVER: something else'],
])('%s is put in words', (code, message) => {
  const cause = Object.assign(new Error(`${code}: something else`), { code });
  expect(unavailable('/data', cause)).toMatchObject({ code: 'MILLRACE_BLOB_UNAVAILABLE', retryable: true, message, cause });
});
