import { cp, glob, mkdir, mkdtemp, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const files = ['package.json', 'tsconfig.json', 'tsconfig.base.json', 'vitest.config.ts'];
const folders = ['apps', 'docs', 'examples', 'libs', 'tools'];
const own = '@millrace';
const filter = (path: string): boolean => basename(path) !== 'node_modules';

/** A copy of the workspace at `root` as it is built, whose packages are its own and whose dependencies are those of `root`. */
export async function copyWorkspace(root: string): Promise<{ readonly copy: string; readonly remove: () => Promise<void> }> {
  const copy = await mkdtemp(join(tmpdir(), 'millrace-workspace-'));
  for (const name of [...files, ...folders]) await cp(join(root, name), join(copy, name), { recursive: true, preserveTimestamps: true, filter });
  await linkDependencies(root, copy);
  return { copy, remove: () => rm(copy, { recursive: true, force: true }) };
}

async function linkDependencies(root: string, copy: string): Promise<void> {
  await mkdir(join(copy, 'node_modules', own), { recursive: true });
  for (const name of await readdir(join(root, 'node_modules'))) if (name !== own) await symlink(join(root, 'node_modules', name), join(copy, 'node_modules', name));
  for (const name of await readdir(join(root, 'node_modules', own))) await linkPackage(copy, name, await readlink(join(root, 'node_modules', own, name)));
  for await (const nested of glob('{apps,libs,tools}/{*,*/*}/node_modules', { cwd: root })) await symlink(join(root, nested), join(copy, nested));
}

/** As npm links a package of the workspace. */
export async function linkPackage(root: string, name: string, target: string): Promise<void> {
  await symlink(target, join(root, 'node_modules', own, name));
}
