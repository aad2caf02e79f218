import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Package, packagesOf } from './packages.js';
import { breachesOf, type Rule, type SourceFile, type Workspace } from './rules.js';
import { factsOf } from './source-facts.js';

/** A place where a rule is broken. */
export interface Finding {
  /** Relative to the root. */
  readonly file: string;
  readonly line: number;
  readonly rule: Rule | 'tag';
  readonly message: string;
}

export interface Checked {
  readonly findings: readonly Finding[];
  readonly packages: number;
  readonly files: number;
}

/** Holds every source file of the repository at `root` against the layer table. */
export async function checkLayers(root: string): Promise<Checked> {
  const packages = await packagesOf(root);
  const workspace: Workspace = new Map(packages.map((each) => [each.name, each]));
  const files = (await Promise.all(packages.map((owner) => sourceFilesOf(root, owner)))).flat();
  const inFiles = await Promise.all(files.map((file) => findingsIn(root, file, workspace)));
  return { findings: [...packages.flatMap(tagFinding), ...inFiles.flat()], packages: packages.length, files: files.length };
}

async function sourceFilesOf(root: string, owner: Package): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for await (const path of glob(`${owner.folder}/{src,test,scripts}/**/*.{ts,mts,cts,js,mjs,cjs}`, { cwd: root, exclude: (name) => name === 'node_modules' || name === 'dist' })) {
    const inside = path.slice(owner.folder.length);
    files.push({ path, owner, isSpec: inside.includes('/test/') || /\.spec\.[cm]?[jt]s$/.test(inside) });
  }
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function findingsIn(root: string, file: SourceFile, workspace: Workspace): Promise<Finding[]> {
  const facts = factsOf(file.path, await readFile(join(root, file.path), 'utf8'));
  return facts.flatMap((fact) => breachesOf(fact, file, workspace).map((breach) => ({ file: file.path, line: fact.line, ...breach })));
}

function tagFinding({ folder, layer }: Package): Finding[] {
  return layer ? [] : [{ file: `${folder}/package.json`, line: 1, rule: 'tag', message: 'nx.tags names no known layer, such as layer:core' }];
}
