import type { ArtifactRef } from '@millrace/contracts';
import type { Models } from '@millrace/models';
import { type Artifacts, Replacement, type TaskContext, Verdict } from '@millrace/tasks';

const left = () => 10_000;

/** A context for one handler call, without a broker or stores. */
export function memoryContext(artifacts: Artifacts, raw: ArtifactRef, models: Models, signal: AbortSignal = new AbortController().signal): TaskContext {
  const quiet = { info: () => {}, warn: () => {} };
  const facts = { run: 'run_1', step: 's1', task: 'domain.spec', tenant: 'spec', attempt: 1 };
  return { ...facts, raw, artifacts, log: quiet, signal, timeLeftMs: left, softTimeLeftMs: left, hardTimeLeftMs: left, model: (definition) => models.get(definition) };
}

/** What a handler returned, of one that gives a result itself. */
export function resultOf<T>(returned: T | Replacement | Verdict): T {
  if (returned instanceof Replacement || returned instanceof Verdict) throw new TypeError('the handler returned no result');
  return returned;
}
