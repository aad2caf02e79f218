import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { repositoryRoot } from '@millrace/local-stack';

/** Real data sets, which are not part of the repository; for specs. */
const folder = resolve(repositoryRoot, process.env['MILLRACE_SHARED_DATA'] ?? '../shared/data');

export const realFile = (set: string, file: string): Promise<Buffer> => readFile(join(folder, set, file));

/** Which of the sets are not there, as the reason to skip a test. */
export const missingSets = (...sets: readonly string[]): string => sets.filter((set) => !existsSync(join(folder, set))).join(', ');

export const skipped = (missing: string): string => (missing === '' ? '' : ` (skipped: no ${missing} in ${folder}; set MILLRACE_SHARED_DATA)`);

/** What Python worked out, of a domain's fixtures. */
export const fixture = async <T>(domain: string, name: string): Promise<T> => json(join(repositoryRoot, 'libs/domains', domain, 'fixtures', name));

/** What training wrote of a model's figures. */
export const metrics = async <T>(file: string): Promise<T> => json(join(repositoryRoot, 'tools/models', file));

const json = async <T>(file: string): Promise<T> => JSON.parse(await readFile(file, 'utf8')) as T;
