import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { environmentFile, mayImport, mayReadEnvironment, mayReadTime, reserved, specsMayImport } from './layer-table.js';
import type { Package } from './packages.js';
import type { Fact } from './source-facts.js';

/** A source file, with the package that it is in. */
export interface SourceFile {
  /** Relative to the root. */
  readonly path: string;
  readonly owner: Package;
  /** Specs and what only they use. */
  readonly isSpec: boolean;
}

export type Rule = 'layers' | 'reserved' | 'undeclared' | 'outside' | 'environment' | 'time';

/** A rule that is broken, and how. */
export interface Breach {
  readonly rule: Rule;
  readonly message: string;
}

export type Workspace = ReadonlyMap<string, Package>;

const timeModules = new Set(['timers', 'timers/promises', 'perf_hooks']);

/** The rules that one fact about a source file breaks. */
export function breachesOf(fact: Fact, file: SourceFile, workspace: Workspace): Breach[] {
  if (fact.kind === 'time') return timeBreach(file, fact.what);
  if (fact.kind === 'environment') return environmentBreach(file);
  const specifier = fact.what;
  if (specifier.startsWith('.')) return outsideBreach(file, specifier);
  if (isBuiltin(specifier)) return timeModules.has(specifier.replace('node:', '')) ? timeBreach(file, specifier) : [];
  const module = packageNameIn(specifier);
  return [...layerBreach(file, workspace.get(module)), ...reservedBreach(file, module), ...undeclaredBreach(file, module)];
}

function layerBreach({ owner, isSpec }: SourceFile, imported: Package | undefined): Breach[] {
  if (!imported || !owner.layer || !imported.layer || imported.name === owner.name) return [];
  const allowed = [...mayImport[owner.layer], ...(isSpec ? specsMayImport : [])];
  if (allowed.includes(imported.layer)) return [];
  return [{ rule: 'layers', message: `${owner.layer} must not import ${imported.layer} (${imported.name})` }];
}

function reservedBreach({ owner }: SourceFile, module: string): Breach[] {
  const rule = reserved.find(({ modules }) => modules.some((name) => (name.endsWith('/*') ? module.startsWith(name.slice(0, -1)) : module === name)));
  if (!rule || !owner.layer || rule.layers.includes(owner.layer)) return [];
  return [{ rule: 'reserved', message: `${owner.layer} must not import ${module}: ${rule.why}` }];
}

function undeclaredBreach({ owner, isSpec }: SourceFile, module: string): Breach[] {
  const staysHere = isSpec || owner.layer === 'tools'; // what is never shipped may use what is installed for development
  const declared = module === owner.name || owner.dependencies.has(module) || (staysHere && owner.devDependencies.has(module));
  return declared ? [] : [{ rule: 'undeclared', message: `${module} is not in the dependencies of ${owner.folder}/package.json` }];
}

function outsideBreach({ path, owner }: SourceFile, specifier: string): Breach[] {
  const target = posix.join(posix.dirname(path), specifier);
  return target.startsWith(`${owner.folder}/`) ? [] : [{ rule: 'outside', message: `${specifier} leaves the package; import it by its name` }];
}

function timeBreach({ owner, isSpec }: SourceFile, what: string): Breach[] {
  if (isSpec || !owner.layer || mayReadTime.includes(owner.layer)) return [];
  return [{ rule: 'time', message: `${what}: ${owner.layer} takes time and randomness from Clock and Random of kernel` }];
}

function environmentBreach({ path, owner, isSpec }: SourceFile): Breach[] {
  if (isSpec || path === environmentFile || !owner.layer || mayReadEnvironment.includes(owner.layer)) return [];
  return [{ rule: 'environment', message: `process.env is read in ${environmentFile} only` }];
}

/** `@scope/name/deep` → `@scope/name`, `name/deep` → `name`. */
const packageNameIn = (specifier: string): string => specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
