import { describe, expect, it } from 'vitest';
import { cpuLimit } from './cpu-limit.js';

const limit = (processors: number, files: Readonly<Record<string, string>>) => cpuLimit({ processors, read: (path) => files[path] });
const v1 = (folder: string, quota: string) => ({ [`${folder}/cpu.cfs_quota_us`]: quota, [`${folder}/cpu.cfs_period_us`]: '100000\n' });

describe('cpuLimit', () => {
  it.each<[string, Readonly<Record<string, string>>, number]>([
    ['outside of any container', {}, 8],
    ['without a quota (v2)', { '/sys/fs/cgroup/cpu.max': 'max 100000\n' }, 8],
    ['with a quota of three (v2)', { '/sys/fs/cgroup/cpu.max': '300000 100000\n' }, 3],
    ['with a quota of two and a half (v2)', { '/sys/fs/cgroup/cpu.max': '250000 100000\n' }, 2],
    ['with less than one (v2)', { '/sys/fs/cgroup/cpu.max': '50000 100000\n' }, 1],
    ['with more than there are', { '/sys/fs/cgroup/cpu.max': '1600000 100000\n' }, 8],
    ['without a quota (v1)', v1('/sys/fs/cgroup/cpu', '-1\n'), 8],
    ['with a quota of two (v1)', v1('/sys/fs/cgroup/cpu', '200000\n'), 2],
    ['with a quota of four (v1, joint controllers)', v1('/sys/fs/cgroup/cpu,cpuacct', '400000\n'), 4],
    ['with an unreadable quota', { '/sys/fs/cgroup/cpu.max': '' }, 8],
  ])('of eight processors %s', (_, files, expected) => {
    expect(limit(8, files)).toBe(expected);
  });

  it('of this machine is a whole number, at least one', () => {
    expect(Number.isInteger(cpuLimit())).toBe(true);
    expect(cpuLimit()).toBeGreaterThanOrEqual(1);
  });
});
