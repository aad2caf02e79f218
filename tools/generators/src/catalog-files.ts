import { glob, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { notDomains } from './domain-names.js';

const domainManifest = z.object({
  name: z.string(),
  /** What the package exports. */
  millrace: z.object({ domain: z.string(), errors: z.string() }),
});

/** A domain as its package.json has it. */
interface CataloguedDomain {
  readonly folder: string;
  readonly package: string;
  readonly domain: string;
  readonly errors: string;
}

/** A file that follows from the folders of libs/domains, relative to the root. */
export interface CatalogFile {
  readonly file: string;
  readonly content: string;
}

const catalog = 'libs/domains/catalog';

/** The catalogue of the domains in the workspace at `root`, and what has to know of them to build. */
export async function catalogFiles(root: string): Promise<readonly CatalogFile[]> {
  const domains = await domainsIn(root);
  const edited = async (file: string, edit: (json: Json) => Json): Promise<CatalogFile> => ({ file, content: `${JSON.stringify(edit(JSON.parse(await readFile(join(root, file), 'utf8')) as Json), undefined, 2)}\n` });
  return [
    { file: `${catalog}/src/catalog.generated.ts`, content: catalogSource(domains) },
    await edited(`${catalog}/package.json`, (json) => ({ ...json, dependencies: dependencies(domains) })),
    await edited(`${catalog}/tsconfig.json`, (json) => ({ ...json, references: ['../../domain', '../../kernel', '../bench', ...domains.map(({ folder }) => `../${folder}`)].map((path) => ({ path })) })),
    await edited('tsconfig.json', (json) => ({ ...json, references: rootReferences(json.references ?? [], domains) })),
  ];
}

/** Writes what is not as it should be; resolves with the names of those files. */
export async function writeCatalog(root: string): Promise<readonly string[]> {
  const written: string[] = [];
  for (const { file, content } of await catalogFiles(root)) {
    const before = await readFile(join(root, file), 'utf8').catch(() => '');
    if (before === content) continue;
    await writeFile(join(root, file), content);
    written.push(file);
  }
  return written;
}

interface Json {
  readonly references?: ReadonlyArray<{ readonly path: string }>;
}

async function domainsIn(root: string): Promise<readonly CataloguedDomain[]> {
  const domains: CataloguedDomain[] = [];
  for await (const file of glob('libs/domains/*/package.json', { cwd: root })) {
    const folder = basename(dirname(file));
    if (notDomains.has(folder)) continue;
    const { name, millrace } = domainManifest.parse(JSON.parse(await readFile(join(root, file), 'utf8')));
    domains.push({ folder, package: name, ...millrace });
  }
  return domains.toSorted((a, b) => (a.folder < b.folder ? -1 : 1));
}

const dependencies = (domains: readonly CataloguedDomain[]): Readonly<Record<string, string>> =>
  Object.fromEntries(['@millrace/domain', '@millrace/domain-bench', '@millrace/kernel', ...domains.map((domain) => domain.package)].toSorted().map((name) => [name, '0.1.0']));

function rootReferences(references: ReadonlyArray<{ readonly path: string }>, domains: readonly CataloguedDomain[]): ReadonlyArray<{ readonly path: string }> {
  const own = new Set([...domains.map(({ folder }) => `libs/domains/${folder}`), 'libs/domains/bench']);
  const others = references.filter(({ path }) => !/^libs\/domains\/(?!catalog$)/.test(path));
  const at = others.findIndex(({ path }) => path === catalog);
  return [...others.slice(0, at), ...Array.from(own, (path) => ({ path })), ...others.slice(at)];
}

function catalogSource(domains: readonly CataloguedDomain[]): string {
  return `// Made from the folders of libs/domains by \`npm run new -- catalog\`; not edited by hand.
import type { Domain } from '@millrace/domain';
${domains.map((each) => `import { ${each.domain}, ${each.errors} } from '${each.package}';`).join('\n')}
import type { ErrorCatalogue } from '@millrace/kernel';

/** The domains of the product. */
export const catalog: readonly Domain[] = [${domains.map(({ domain }) => domain).join(', ')}];

/** The errors of each. */
export const domainErrors: ReadonlyArray<{ readonly domain: string; readonly catalogue: ErrorCatalogue }> = [
${domains.map(({ folder, errors }) => `  { domain: '${folder}', catalogue: ${errors}.catalogue },`).join('\n')}
];
`;
}
