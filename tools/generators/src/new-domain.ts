import { existsSync } from 'node:fs';
import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeCatalog } from './catalog-files.js';
import { type DomainNames, domainNames } from './domain-names.js';

const templates = fileURLToPath(new URL('../templates/domain/', import.meta.url));
const suffix = '.template';

/**
 * Makes a domain in the workspace at `root` and catalogues it; resolves with its folder and the files it consists of.
 * Throws RangeError for a name that cannot be one, or that is taken; then nothing is made.
 */
export async function newDomain(root: string, name: string): Promise<{ readonly folder: string; readonly files: readonly string[] }> {
  const names = domainNames(name);
  const folder = `libs/domains/${name}`;
  if (existsSync(join(root, folder))) throw new RangeError(`there is a folder ${folder} already`);
  const files: string[] = [];
  for await (const template of glob(`**/*${suffix}`, { cwd: templates })) {
    const file = filled(template.slice(0, -suffix.length), names);
    await mkdir(dirname(join(root, folder, file)), { recursive: true });
    await writeFile(join(root, folder, file), filled(await readFile(join(templates, template), 'utf8'), names));
    files.push(file);
  }
  await writeCatalog(root);
  return { folder, files: files.toSorted() };
}

const filled = (text: string, names: DomainNames): string =>
  text.replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) => {
    if (Object.hasOwn(names, key)) return names[key as keyof DomainNames];
    throw new RangeError(`a template asks for ${key}`);
  });
