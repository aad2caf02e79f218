import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '@millrace/kernel';

const run = promisify(execFile);

/** The Python sources of the Celery side. */
export const celeryFolder = resolve(import.meta.dirname, '../../celery');
const requirements = join(celeryFolder, 'requirements.txt');

/** One virtual environment for each set of requirements; it stays for the next comparison. */
const venv = join(tmpdir(), `millrace-compare-celery-${userInfo().uid}-${createHash('sha256').update(await readFile(requirements)).digest('hex').slice(0, 12)}`);

/** The interpreter with Celery in it, once `setUpPython` has resolved to undefined. */
export const python = join(venv, 'bin/python');

/** Makes the virtual environment where it is not there. Resolves to why that cannot be done, or to undefined. */
export async function setUpPython(): Promise<string | undefined> {
  try {
    await requireOwn(venv);
    if (await isComplete()) return undefined;
    await rm(venv, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', venv]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:', '--no-deps', '-r', requirements]);
    return (await isComplete()) ? undefined : `what pip installed into ${venv} cannot be imported`;
  } catch (error) {
    return reasonIn(error);
  }
}

/** The name can be guessed and the folder is shared, so nobody else may have made it. */
async function requireOwn(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await stat(folder)).uid !== userInfo().uid) throw new Error(`${folder} belongs to another user`);
}

async function isComplete(): Promise<boolean> {
  try {
    await run(python, ['-c', 'import celery, flask, gevent, gunicorn, hiredis, redis, urllib3']);
    return true;
  } catch {
    return false;
  }
}

/** The line in which pip or Python says what is wrong. */
function reasonIn(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).split('\n').filter(Boolean) : [];
  return said.find((line) => line.startsWith('ERROR:')) ?? said.at(-1) ?? messageOf(error);
}
