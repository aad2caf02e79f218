import { createHash } from 'node:crypto';
import type { MemberOutcome } from '@millrace/canvas';
import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import { defineDomain, type Domain, tasksOf } from '@millrace/domain';
import { defineErrors, sleep } from '@millrace/kernel';
import {
  analyticsCanvas,
  datasetsCanvas,
  distributeAnalyticsTask,
  distributeDatasetsTask,
  domainsNamed,
  initiateTask,
  orchestrationTasks,
  processCanvas,
  queues,
  routes,
} from '@millrace/pipeline';
import { type AnyTask, defineTask, replace, Router, type TaskContext } from '@millrace/tasks';
import { z } from 'zod';
import type { Life } from '../world/life.js';
import type { World } from '../world/world.js';

/** The analyses of each domain of the simulated product. */
const analysesOf = { apples: ['trend', 'gaps'], berries: ['mean'], cherries: [] } as const;

export const domainNames: readonly string[] = Object.keys(analysesOf);

export const router = new Router(routes, queues);

const simulationErrors = defineErrors({
  SIMULATED_PASSING: { retryable: true, help: 'A handler failed as one does now and then.' },
  SIMULATED_LASTING: { retryable: false, help: 'A handler failed for good.' },
});

const names = z.array(z.string());
const outcome = z.custom<MemberOutcome>((value) => typeof value === 'object' && value !== null && 'status' in value);
const chosenOrNot = z.tuple([names.nullable()]);
const chosenOnly = z.tuple([names]);
const outcomesAndChosen = z.tuple([z.array(outcome), names]);
const artifact = z.tuple([artifactRef]);

/** What the handlers of one life are made of. */
interface Made {
  readonly life: Life;
  readonly world: World;
  /** How often handlers fail. */
  readonly trouble: () => number;
}

/**
 * The product's tasks with handlers that take their time, fail now and then and never return the same twice. A result
 * tells which payload it was made of.
 */
export function tasksOfLife(made: Made): { readonly orchestration: readonly AnyTask[]; readonly work: readonly AnyTask[] } {
  const domains = Object.entries(analysesOf).map(([name, analyses]) => domainOf(made, name, analyses));
  return { orchestration: orchestrationOf(made, domains), work: domains.flatMap(tasksOf) };
}

function orchestrationOf(made: Made, domains: readonly Domain[]): readonly AnyTask[] {
  return [
    defineTask({
      name: initiateTask,
      args: chosenOrNot,
      handler: async (ctx, asked) => {
        await work(made, 5, 40);
        if (asked === null) await ctx.artifacts.head(ctx.raw, 64);
        return replace(processCanvas(asked ?? domainNames));
      },
    }),
    defineTask({
      name: distributeDatasetsTask,
      args: chosenOnly,
      handler: async (ctx, chosen) => {
        await work(made, 1, 20);
        return replace(datasetsCanvas(domainsNamed(domains, chosen), ctx.raw));
      },
    }),
    defineTask({
      name: distributeAnalyticsTask,
      args: outcomesAndChosen,
      handler: async (_ctx, datasets, chosen) => {
        await work(made, 1, 20);
        return replace(analyticsCanvas(domainsNamed(domains, chosen), datasets));
      },
    }),
  ];
}

function domainOf(made: Made, name: string, analyses: readonly string[]): Domain {
  return defineDomain({
    name,
    accepts: () => true,
    models: [],
    dataset: defineTask({ name: `${name}.dataset`, args: artifact, handler: (ctx, raw) => makeDataset(made, ctx, raw) }),
    analyses: analyses.map((analysis) =>
      defineTask({ name: `${name}.${analysis}`, args: artifact, handler: (ctx, dataset) => analyse(made, ctx, dataset) }),
    ),
  });
}

async function makeDataset(made: Made, ctx: TaskContext, raw: ArtifactRef): Promise<{ dataset: ArtifactRef; report: Record<string, unknown> }> {
  const payload = await ctx.artifacts.read(raw);
  await work(made, 20, 500);
  const draw = made.world.random.next();
  const bytes = Buffer.from(JSON.stringify({ made: sha256(payload), draw, padding: '.'.repeat(Math.floor(draw * 800)) }));
  return { dataset: await ctx.artifacts.write('dataset.json', bytes, 'application/json'), report: { made: sha256(payload), draw } };
}

async function analyse(made: Made, ctx: TaskContext, dataset: ArtifactRef): Promise<Record<string, unknown>> {
  const bytes = await ctx.artifacts.read(dataset);
  await work(made, 20, 800);
  const draw = made.world.random.next();
  const { made: source } = JSON.parse(new TextDecoder().decode(bytes)) as { made: string };
  return { made: source, dataset: sha256(bytes), draw, padding: '.'.repeat(draw < 0.3 ? 2_500 : 10) };
}

/** Takes between `least` and `most` milliseconds, now and then far longer, and fails now and then. */
async function work({ world, life, trouble }: Made, least: number, most: number): Promise<void> {
  const rate = trouble();
  await sleep(life.clock, world.chance(rate / 2) ? world.between(2_000, 12_000) : world.between(least, most));
  if (world.chance(rate)) throw simulationErrors.error('SIMULATED_PASSING', 'a passing fault');
  if (world.chance(rate / 8)) throw simulationErrors.error('SIMULATED_LASTING', 'a lasting fault');
}

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

export const initiatingTask = orchestrationTasks[0];
