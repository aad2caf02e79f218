import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import { dataFiles, type DatasetResult, defineDomain, type Domain, type Insight, type PayloadSample } from '@millrace/domain';
import { defineErrors } from '@millrace/kernel';
import { defineTask, type Task, type TaskContext } from '@millrace/tasks';
import { z } from 'zod';

const payload = z.object({ bench: z.literal(true), rows: z.array(z.object({ category: z.string(), value: z.number() })).min(1) });
const totals = z.record(z.string(), z.number());

export const benchErrors = defineErrors({
  MILLRACE_BENCH_PAYLOAD: { retryable: false, help: 'The load test’s payload is JSON: {"bench": true, "rows": [{"category": "a", "value": 1}]}.' },
});

/**
 * Three domains with tiny datasets and five tiny analyses in all, for load tests: what they cost is what the engine
 * costs. Their payload says `"bench": true`.
 */
export const benchDomains: readonly Domain[] = [benchDomain('bench-a', ['sum', 'mean']), benchDomain('bench-b', ['sum', 'largest']), benchDomain('bench-c', ['spread'])];

type Measure = 'sum' | 'mean' | 'largest' | 'spread';

const measures: Readonly<Record<Measure, (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((a, b) => a + b, 0),
  mean: (values) => values.reduce((a, b) => a + b, 0) / values.length,
  largest: (values) => Math.max(...values),
  spread: (values) => Math.max(...values) - Math.min(...values),
};

function benchDomain(name: string, analyses: readonly Measure[]): Domain {
  return defineDomain({
    name,
    accepts: ({ contentType, head }: PayloadSample) => contentType === 'application/json' && /^\s*\{\s*"bench"\s*:\s*true/.test(head),
    dataset: datasetTask(name),
    analyses: analyses.map((measure) => analysisTask(name, measure)),
    models: [],
  });
}

/** Totals by category. */
function datasetTask(name: string): Task<[files: readonly ArtifactRef[]], DatasetResult> {
  return defineTask({
    name: `${name}.dataset`,
    args: z.tuple([dataFiles]),
    handler: async (ctx, files) => {
      const payloads = await Promise.all(files.map((file) => readPayload(ctx, file)));
      const rows = payloads.flatMap((sent) => sent.rows);
      const byCategory: Record<string, number> = {};
      for (const { category, value } of rows) byCategory[category] = (byCategory[category] ?? 0) + value;
      const dataset = await ctx.artifacts.write('totals.json', Buffer.from(JSON.stringify(byCategory)), 'application/json');
      return { dataset, report: { rows: rows.length, categories: Object.keys(byCategory).length } };
    },
  });
}

function analysisTask(name: string, measure: Measure): Task<[ArtifactRef], Insight> {
  return defineTask({
    name: `${name}.${measure}`,
    args: z.tuple([artifactRef]),
    handler: async (ctx, dataset) => {
      const byCategory = totals.parse(JSON.parse(new TextDecoder().decode(await ctx.artifacts.read(dataset))));
      return { [measure]: measures[measure](Object.values(byCategory)) };
    },
  });
}

async function readPayload(ctx: TaskContext, raw: ArtifactRef): Promise<z.infer<typeof payload>> {
  try {
    return payload.parse(JSON.parse(new TextDecoder().decode(await ctx.artifacts.read(raw))));
  } catch (cause) {
    throw benchErrors.error('MILLRACE_BENCH_PAYLOAD', 'the payload is not what the load test sends', { cause });
  }
}
