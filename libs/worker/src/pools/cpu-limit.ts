import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** What is known of the machine and of the container that the process runs in. */
export interface CpuFacts {
  /** Processors that the process may use. */
  readonly processors: number;
  /** A file's text; undefined when there is no such file. */
  read(path: string): string | undefined;
}

/**
 * Whole processors that this process can have: not those of the host but those of its container, at least 1. Node knows
 * the CPU set and, of a control group that it finds by its full path, the quota; in a container the files lie at the root.
 * See https://docs.kernel.org/admin-guide/cgroup-v2.html (cpu.max) and
 * https://docs.kernel.org/scheduler/sched-bwc.html (cpu.cfs_quota_us).
 */
export function cpuLimit({ processors, read }: CpuFacts = thisMachine): number {
  const [quota = 'max', period = ''] = read('/sys/fs/cgroup/cpu.max')?.trim().split(' ') ?? [];
  const folder = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup/cpu,cpuacct'].find((path) => read(`${path}/cpu.cfs_quota_us`) !== undefined);
  const limits = [ratio(quota, period), folder === undefined ? Infinity : ratio(read(`${folder}/cpu.cfs_quota_us`), read(`${folder}/cpu.cfs_period_us`))];
  return Math.max(1, Math.min(processors, ...limits.map(Math.floor)));
}

/** A quota that is not a number, or −1, is none. */
function ratio(quota: string | undefined, period: string | undefined): number {
  const limit = Number(quota) / Number(period);
  return limit > 0 ? limit : Infinity;
}

const thisMachine: CpuFacts = {
  get processors() {
    return availableParallelism();
  },
  read: (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined; // there is no control group of that kind
    }
  },
};
