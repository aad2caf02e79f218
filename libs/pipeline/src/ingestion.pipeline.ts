import { type Canvas, chain, group, type MemberOutcome, signature } from '@millrace/canvas';
import type { ArtifactRef } from '@millrace/contracts';
import type { Domain } from '@millrace/domain';
import { z } from 'zod';

/** The whole product as a canvas. Each function is one orchestration task's answer; none of them waits for anything. */

export const initiateTask = 'process.initiate';
export const distributeDatasetsTask = 'datasets.distribute';
export const distributeAnalyticsTask = 'analytics.distribute';
export const orchestrationTasks = [initiateTask, distributeDatasetsTask, distributeAnalyticsTask] as const;

/** What a run begins with. `domains` is the caller's choice; without it the content decides. */
export const ingestionCanvas = (domains: readonly string[] | null): Canvas => signature(initiateTask, domains);

/** `process.initiate`: datasets first, then what can be made of them. */
export const processCanvas = (domains: readonly string[]): Canvas =>
  chain(signature(distributeDatasetsTask, domains), signature(distributeAnalyticsTask, domains));

/** `datasets.distribute`: one dataset task per domain; one that fails does not stop the others. */
export const datasetsCanvas = (domains: readonly Domain[], raw: ArtifactRef): Canvas =>
  group(
    domains.map((domain) => domain.dataset.s(raw)),
    'collect',
  );

/** `analytics.distribute`: the analyses of every domain whose dataset was made. */
export function analyticsCanvas(domains: readonly Domain[], datasets: readonly MemberOutcome[]): Canvas {
  const analyses = domains.flatMap((domain, index) => {
    const outcome = datasets[index];
    if (outcome?.status !== 'succeeded') return [];
    const { dataset } = datasetResult.parse(outcome.value);
    return domain.analyses.map((analysis) => analysis.s(dataset));
  });
  return group(analyses, 'collect');
}

const datasetResult = z.object({ dataset: z.custom<ArtifactRef>((value) => typeof value === 'object' && value !== null) });
