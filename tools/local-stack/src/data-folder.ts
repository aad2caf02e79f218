import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, systemRandom } from '@millrace/kernel';
import { launchErrors } from './errors.js';

/** Makes `folder` and checks that it can be written to; throws MILLRACE_LAUNCH_DATA_DIR. */
export async function prepareDataFolder(folder: string): Promise<void> {
  try {
    await mkdir(join(folder, 'logs'), { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw launchErrors.error('MILLRACE_LAUNCH_DATA_DIR', `cannot write to the data folder ${folder} (${messageOf(cause)}): choose another one with MILLRACE_DATA_DIR`, { cause });
  }
}

/** The secret that callbacks are signed with (Standard Webhooks `whsec_…`), made once for each data folder. */
export async function callbackSecret(folder: string): Promise<string> {
  const file = join(folder, 'callback-secret');
  try {
    await writeFile(file, newCallbackSecret(), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return (await readFile(file, 'utf8')).trim();
}

export const newCallbackSecret = (): string => `whsec_${Buffer.from(systemRandom.bytes(32)).toString('base64')}`;
