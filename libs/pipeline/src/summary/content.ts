import { type Signature, signature } from '@millrace/canvas';
import type { ArtifactRef } from '@millrace/contracts';
import { type Domain, nameOf } from '@millrace/domain';
import { z } from 'zod';
import type { Share } from '../applicable.js';
import type { MadeDataset } from '../ingestion.pipeline.js';

export const summaryTask = 'summary.overview';

/** What the summary is told besides the analyses' outcomes. */
export const summaryContent = z.strictObject({
  /** What the sender calls the files. */
  files: z.array(z.string()).readonly(),
  domains: z
    .array(
      z.strictObject({
        domain: z.string(),
        /** Places in `files`; absent: all. */
        files: z.array(z.int()).readonly().exactOptional(),
        /** Those whose outcomes are given, in that order; none without a dataset. */
        analyses: z.array(z.string()).readonly(),
        report: z.record(z.string(), z.unknown()).exactOptional(),
        /** Why there is no dataset. */
        problem: z.string().exactOptional(),
      }),
    )
    .readonly(),
});
export type SummaryContent = Readonly<z.infer<typeof summaryContent>>;

/** A domain with what became of its dataset. */
export interface Chosen {
  readonly share: Share;
  readonly domain: Domain;
  readonly dataset: MadeDataset;
}

export const contentOf = (files: readonly ArtifactRef[], chosen: readonly Chosen[]): SummaryContent => ({
  files: files.map(nameOf),
  domains: chosen.map(({ share, domain, dataset }) => ({
    ...share,
    ...(dataset.status === 'made' ? { analyses: domain.analyses.map(({ name }) => name), report: dataset.report } : { analyses: [], problem: dataset.why }),
  })),
});

/** The body of a chord over all analyses. */
export const summarySignature = (content: SummaryContent): Signature => signature(summaryTask, content);
