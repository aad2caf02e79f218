import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Layer, layers } from './layer-table.js';

export interface Package {
  readonly name: string;
  /** Relative to the root. */
  readonly folder: string;
  /** Undefined when its package.json names none, or one that is not known. */
  readonly layer: Layer | undefined;
  readonly dependencies: ReadonlySet<string>;
  /** Of its own and of the root. */
  readonly devDependencies: ReadonlySet<string>;
}

interface Manifest {
  readonly name?: string;
  readonly workspaces?: readonly string[];
  readonly nx?: { readonly tags?: readonly string[] };
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

/** The workspace packages of the repository at `root`. */
export async function packagesOf(root: string): Promise<Package[]> {
  const manifest = await manifestAt(join(root, 'package.json'));
  const found: Package[] = [];
  for (const workspace of manifest.workspaces ?? []) {
    for await (const file of glob(`${workspace}/package.json`, { cwd: root })) {
      found.push(packageAt(dirname(file), await manifestAt(join(root, file)), manifest));
    }
  }
  return found.toSorted((a, b) => (a.folder < b.folder ? -1 : 1));
}

function packageAt(folder: string, manifest: Manifest, rootManifest: Manifest): Package {
  const { name = folder, nx, dependencies, peerDependencies, optionalDependencies, devDependencies } = manifest;
  const tag = nx?.tags?.find((each) => each.startsWith('layer:'))?.slice('layer:'.length);
  return {
    name,
    folder,
    layer: layers.find((layer) => layer === tag),
    dependencies: new Set(Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies })),
    devDependencies: new Set(Object.keys({ ...devDependencies, ...rootManifest.devDependencies })),
  };
}

async function manifestAt(file: string): Promise<Manifest> {
  return JSON.parse(await readFile(file, 'utf8'));
}
