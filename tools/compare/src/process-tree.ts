import { readdir } from 'node:fs/promises';
import { cpuMsOf, procFile } from '@millrace/bench';

/** The process id of the parent in the text of /proc/<pid>/stat (proc_pid_stat(5), field 4). */
export function parentIn(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]); // the name may hold blanks and brackets
}

/** `roots` and all that descend from them. `parents`: the parent of each process. */
export function treeOf(roots: readonly number[], parents: ReadonlyMap<number, number>): Set<number> {
  const tree = new Set(roots);
  let before = 0;
  while (tree.size > before) {
    before = tree.size;
    for (const [pid, parent] of parents) if (tree.has(parent)) tree.add(pid);
  }
  return tree;
}

/** `roots` and all that descend from them, as they are now. */
export async function liveTreeOf(roots: readonly number[]): Promise<Set<number>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(pids.map(async (pid) => [pid, await procFile(pid, 'stat')] as const));
  return treeOf(roots, new Map(stats.flatMap(([pid, stat]) => (stat === undefined ? [] : [[pid, parentIn(stat)] as const]))));
}

/** User and system CPU milliseconds that `roots` and all that descend from them have used so far. */
export async function cpuMsOfTrees(roots: readonly number[]): Promise<number> {
  const each = await Promise.all([...(await liveTreeOf(roots))].map(cpuMsOf));
  return each.reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
}
