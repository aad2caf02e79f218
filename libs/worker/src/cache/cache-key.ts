import { createHash } from 'node:crypto';
import type { ArtifactRef } from '@millrace/contracts';
import type { DocumentName } from '@millrace/document-store';
import { type LoadedModel, modelReference } from '@millrace/models';
import { withReferences } from './references.js';

/** All that a result depends on. */
export interface Inputs {
  readonly tenant: string;
  readonly task: string;
  readonly version: string;
  /** As they are loaded. */
  readonly models: ReadonlyArray<LoadedModel['definition']>;
  readonly args: readonly unknown[];
}

/** Names a result by what it depends on: equal inputs, equal names. Of an artifact counts what it holds, not where it lies. */
export function resultName({ tenant, task, version, models, args }: Inputs): DocumentName {
  const used = models.map((model) => [modelReference(model), model.sha256]).toSorted();
  const text = JSON.stringify([tenant, task, version, used, withReferences(args, contentOf)]);
  return { collection: `results:${digest(tenant).slice(0, 16)}`, key: digest(text) };
}

const contentOf = ({ sha256, bytes, contentType, filename, field }: ArtifactRef): unknown => [sha256, bytes, contentType, filename ?? null, field ?? null];

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
