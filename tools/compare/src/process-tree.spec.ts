import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { liveTreeOf, parentIn, treeOf } from './process-tree.js';

describe('a process tree', () => {
  const parents = new Map([[2, 1], [5, 2], [4, 5], [3, 1], [6, 3], [7, 99]]);

  it('is its roots and all that descend from them, in whatever order they are listed', () => {
    expect(treeOf([2], parents)).toEqual(new Set([2, 5, 4]));
    expect(treeOf([3, 5], parents)).toEqual(new Set([3, 6, 5, 4]));
  });

  it('counts a process once that descends from two roots', () => {
    expect([...treeOf([2, 5], parents)]).toHaveLength(3);
  });

  it('of nothing is nothing', () => {
    expect(treeOf([], parents)).toEqual(new Set());
  });

  it('reads the parent out of a stat line, whatever the name of the process', () => {
    expect(parentIn('4242 (celery) S 17 4242 4242 0 -1')).toBe(17);
    expect(parentIn('4242 (odd) name (x) R 18 4242 4242 0 -1')).toBe(18);
  });

  it.runIf(process.platform === 'linux')('finds the children of a live process', async () => {
    const shell = spawn('sh', ['-c', 'sleep 60 & echo $!; wait'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line]: unknown[] = await once(shell.stdout, 'data');
    const child = Number(String(line));
    onTestFinished(() => void process.kill(child, 'SIGKILL'));
    expect(await liveTreeOf([shell.pid!])).toEqual(new Set([shell.pid, child]));
  });
});
