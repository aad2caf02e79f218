import { expect, it } from 'vitest';
import { watched } from './watched.js';

const alive = { requireAlive: () => {} };
const never = new Promise<never>(() => {});

it('comes to what the work comes to', async () => {
  expect(await watched(Promise.resolve(7), alive, 60)).toBe(7);
  const failure = new Error('no');
  await expect(watched(Promise.reject(failure), alive, 60)).rejects.toBe(failure);
});

it('ends as soon as a process has ended, whatever the work is waiting for', async () => {
  const gone = new Error('the worker ended');
  const requireAlive = () => {
    throw gone;
  };
  await expect(watched(never, { requireAlive }, 60)).rejects.toBe(gone);
});

it('ends when the time is over', async () => {
  await expect(watched(never, alive, 0)).rejects.toMatchObject({ code: 'MILLRACE_COMPARE_PROCESS' });
});
