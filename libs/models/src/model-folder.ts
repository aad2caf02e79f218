import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '@millrace/kernel';
import { z } from 'zod';
import { modelErrors } from './errors.js';
import type { ModelDefinition } from './model.js';

const { error } = modelErrors;

/** `<anything>.json` in a model folder: a model that takes the place of one that the code defines. */
const manifestSchema = z.strictObject({
  name: z.string().min(1),
  version: z.string().min(1),
  /** The version in the code whose place it takes. */
  replaces: z.string().min(1),
  /** The ONNX file, beside the manifest. */
  file: z.string().regex(/^[^/\\]+\.onnx$/, 'is the name of an .onnx file in the same folder'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is 64 lower-case hex digits'),
});

export interface Replacement {
  readonly replaces: string;
  readonly definition: ModelDefinition;
}

/** What the manifests of a folder say of these models; throws MILLRACE_MODEL_MANIFEST for one that cannot be followed. */
export async function replacementsIn(folder: string, definitions: readonly ModelDefinition[]): Promise<readonly Replacement[]> {
  const names = (await readdir(folder).catch((cause: unknown) => fail(folder, messageOf(cause)))).filter((name) => name.endsWith('.json')).sort();
  const all = await Promise.all(names.map((name) => replacementOf(folder, name, definitions)));
  const replacements = all.filter((replacement) => replacement !== undefined);
  for (const [index, { definition, replaces }] of replacements.entries()) {
    const other = replacements.findIndex((candidate) => candidate.definition.name === definition.name && candidate.replaces === replaces);
    if (other !== index) fail(folder, `two manifests take the place of ${definition.name}@${replaces}`);
  }
  return replacements;
}

/** Undefined for a model that this process does not use. */
async function replacementOf(folder: string, name: string, definitions: readonly ModelDefinition[]): Promise<Replacement | undefined> {
  const path = join(folder, name);
  const { replaces, file, ...identity } = await readManifest(path);
  const versions = definitions.filter((definition) => definition.name === identity.name);
  if (versions.length === 0) return undefined;
  const replaced = versions.find(({ version }) => version === replaces);
  if (!replaced) return fail(path, `${identity.name} has no version ${replaces} here, only ${versions.map(({ version }) => version).join(', ')}`);
  return { replaces, definition: { ...replaced, ...identity, file: pathToFileURL(join(folder, file)) } };
}

async function readManifest(path: string): Promise<z.infer<typeof manifestSchema>> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => fail(path, messageOf(cause)));
  const parsed = manifestSchema.safeParse(jsonOf(path, text));
  if (parsed.success) return parsed.data;
  return fail(path, parsed.error.issues.map((issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`).join('; '));
}

function jsonOf(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    return fail(path, messageOf(cause));
  }
}

function fail(path: string, why: string): never {
  throw error('MILLRACE_MODEL_MANIFEST', `${path}: ${why}`);
}
