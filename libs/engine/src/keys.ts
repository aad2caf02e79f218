import { fnv1a } from '@millrace/kernel';

const fan = (run: string): string => (fnv1a(run) & 0xff).toString(16).padStart(2, '0');

/** Keys in the blob store; the two hex digits keep folders small. */
export const rawKey = (run: string): string => `raw/${fan(run)}/${run}`;
/** Named after its bytes, as the same canvas often serves many runs. */
export const canvasKey = (sha256: string): string => `canvas/${sha256.slice(0, 2)}/${sha256}`;
export const finalKey = (run: string): string => `final/${fan(run)}/${run}`;
/** The outcome with all its results inline, where the callback has a link instead. */
export const outcomeKey = (run: string): string => `outcome/${fan(run)}/${run}`;
export const doneKey = (run: string): string => `done/${fan(run)}/${run}`;

/**
 * Each claim writes under names of its own, so a late attempt never overwrites what a settled one refers to. One segment
 * for all that follows the folder: a folder for each run would cost more to make than what is put into it.
 */
export const artifactKey = (run: string, step: string, claim: number, name: string): string =>
  `run/${fan(run)}/${run}-${step.replace('#', '_')}-${claim}-${name}`;

/** A file of an ingestion that brought several. */
export const fileKey = (run: string, name: string): string => `files/${fan(run)}/${run}-${name}`;
