import { type Canvas, chain, chord, group, type MemberOutcome, signature } from '@millrace/canvas';
import type { ArtifactRef } from '@millrace/contracts';
import type { Domain } from '@millrace/domain';
import { z } from 'zod';
import { domainNamed, type Share } from './applicable.js';
import { contentOf, summarySignature } from './summary/content.js';

/** The whole product as a canvas. Each function is one orchestration task's answer; none of them waits for anything. */

export const initiateTask = 'process.initiate';
export const distributeDatasetsTask = 'datasets.distribute';
export const distributeAnalyticsTask = 'analytics.distribute';
export const orchestrationTasks = [initiateTask, distributeDatasetsTask, distributeAnalyticsTask] as const;

/** What there is to distribute: the deployment's domains, and the files that were sent. */
export interface Sent {
  readonly domains: readonly Domain[];
  readonly files: readonly ArtifactRef[];
}

/** What a run begins with. `domains` is the caller's choice; without it the content decides. */
export const ingestionCanvas = (domains: readonly string[] | null): Canvas => signature(initiateTask, domains);

/** `process.initiate`: datasets first, then what can be made of them. */
export const processCanvas = (shares: readonly Share[]): Canvas =>
  chain(signature(distributeDatasetsTask, shares), signature(distributeAnalyticsTask, shares));

/** `datasets.distribute`: one dataset task per domain, with all files that are its own; one that fails does not stop the others. */
export const datasetsCanvas = ({ domains, files }: Sent, shares: readonly Share[]): Canvas =>
  group(
    shares.map(({ domain, files: own }) => domainNamed(domains, domain).dataset.s(files.filter((_, index) => own?.includes(index) ?? true))),
    'collect',
  );

/**
 * `analytics.distribute`: the analyses of every domain whose dataset was made, and then a summary of what all of them
 * found, where a domain has something to say in one.
 */
export function analyticsCanvas({ domains, files }: Sent, shares: readonly Share[], datasets: readonly MemberOutcome[]): Canvas {
  const chosen = shares.map((share, index) => ({ share, domain: domainNamed(domains, share.domain), dataset: madeOf(datasets[index]) }));
  const analyses = chosen.flatMap(({ domain, dataset }) => (dataset.status === 'made' ? domain.analyses.map((analysis) => analysis.s(dataset.ref)) : []));
  const all = group(analyses, 'collect');
  const isSummarised = chosen.some(({ domain, dataset }) => domain.summarise && dataset.status === 'made');
  return isSummarised ? chord(all, summarySignature(contentOf(files, chosen))) : all;
}

/** What became of a domain's dataset. */
export type MadeDataset =
  | { readonly status: 'made'; readonly ref: ArtifactRef; readonly report: Readonly<Record<string, unknown>> }
  | { readonly status: 'not made'; readonly why: string };

function madeOf(outcome: MemberOutcome | undefined): MadeDataset {
  if (outcome?.status !== 'succeeded') return { status: 'not made', why: outcome?.status === 'failed' ? outcome.error.message : 'it was not done in time' };
  const { dataset, report } = datasetResult.parse(outcome.value);
  return { status: 'made', ref: dataset, report };
}

const datasetResult = z.object({
  dataset: z.custom<ArtifactRef>((value) => typeof value === 'object' && value !== null),
  report: z.record(z.string(), z.unknown()),
});
