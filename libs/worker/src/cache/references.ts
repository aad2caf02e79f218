import type { ArtifactRef } from '@millrace/contracts';

/** `value`, plain JSON, with `replaced` of each reference to an artifact in its place. */
export function withReferences(value: unknown, replaced: (ref: ArtifactRef) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => withReferences(each, replaced));
  if (isReference(value)) return replaced(value);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withReferences(each, replaced)]));
}

/** Those of artifacts that are objects: the others carry their bytes themselves. */
export function storedReferences(value: unknown): readonly ArtifactRef[] {
  const found: ArtifactRef[] = [];
  withReferences(value, (ref) => ref.inline === undefined && found.push(ref));
  return found;
}

const isReference = (value: object): value is ArtifactRef =>
  'key' in value && 'bytes' in value && 'contentType' in value && 'sha256' in value && typeof value.sha256 === 'string' && sha256.test(value.sha256);

const sha256 = /^[0-9a-f]{64}$/;
