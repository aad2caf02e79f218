import { readFile } from 'node:fs/promises';

/** The kernel tells CPU time in ticks of 10 ms (USER_HZ, 100 on every architecture that Node runs on). */
const tickMs = 10;

/** User and system CPU milliseconds in the text of /proc/<pid>/stat (proc_pid_stat(5), fields 14 and 15). */
export function cpuMsIn(stat: string): number {
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name may hold blanks and brackets
  return (Number(afterName[11]) + Number(afterName[12])) * tickMs;
}

/** A field of /proc/<pid>/status or smaps_rollup that is given in kB, in bytes; undefined when it is not there. */
export function bytesIn(text: string, field: string): number | undefined {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** CPU milliseconds used so far by a process; undefined when it is gone or this is not Linux. */
export async function cpuMsOf(pid: number): Promise<number | undefined> {
  const stat = await procFile(pid, 'stat');
  return stat === undefined ? undefined : cpuMsIn(stat);
}

/** Memory of a process now, its shares of shared pages counted in proportion, in bytes. */
export async function proportionalBytesOf(pid: number): Promise<number | undefined> {
  return bytesIn((await procFile(pid, 'smaps_rollup')) ?? '', 'Pss');
}

/** The most memory a process has had resident, shared pages counted in full, in bytes. */
export async function peakBytesOf(pid: number): Promise<number | undefined> {
  return bytesIn((await procFile(pid, 'status')) ?? '', 'VmHWM');
}

export async function procFile(pid: number, name: string): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${pid}/${name}`, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return undefined;
    throw error;
  }
}
