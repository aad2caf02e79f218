import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bytesIn, cpuMsIn, cpuMsOf, peakBytesOf, proportionalBytesOf } from './proc.js';

it('reads CPU time after a name with blanks and brackets', () => {
  const stat = '4242 (node (v24) x) S 1 4242 4242 0 -1 4194560 9000 0 12 0 731 269 5 6 20 0 11 0 123456 1000000000 20000 18446744073709551615';
  expect(cpuMsIn(stat)).toBe(10_000);
});

it('reads fields given in kB', () => {
  const text = 'Rss:               52000 kB\nPss:               41000 kB\nPss_Dirty:         100 kB\nVmHWM:\t   61440 kB\n';
  expect(bytesIn(text, 'Pss')).toBe(41_000 * 1024);
  expect(bytesIn(text, 'VmHWM')).toBe(61_440 * 1024);
  expect(bytesIn(text, 'VmPeak')).toBeUndefined();
});

it.runIf(existsSync('/proc/self/stat'))('reads this process, and finds nothing where there is none', async () => {
  const { user, system } = process.cpuUsage();
  const cpuMs = await cpuMsOf(process.pid);
  expect(cpuMs).toBeGreaterThan((user + system) / 1000 - 50);
  const resident = process.memoryUsage.rss();
  expect(await proportionalBytesOf(process.pid)).toBeLessThan(resident * 2);
  expect(await peakBytesOf(process.pid)).toBeGreaterThan(resident / 2);
  expect(await cpuMsOf(2 ** 22 + 1)).toBeUndefined();
});
