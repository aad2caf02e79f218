import type { MemberOutcome } from '@millrace/canvas';
import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import { dataFiles, defineDomain, type Domain, tasksOf } from '@millrace/domain';
import { defaultSettings } from '@millrace/engine';
import {
  analyticsCanvas,
  composeOutcome,
  datasetsCanvas,
  distributeAnalyticsTask,
  distributeDatasetsTask,
  ingestionCanvas,
  initiateTask,
  processCanvas,
  queues,
  routes,
  share,
} from '@millrace/pipeline';
import { type AnyTask, defineTask, replace, Router, type TaskContext } from '@millrace/tasks';
import { z } from 'zod';
import { ProductOracle } from '../monitor/product-oracle.js';
import type { World } from '../world/world.js';
import { fail, takeTime } from './handler-work.js';
import { sha256 } from './sha256.js';
import type { Ingestion } from './ingestion.js';
import type { Made, Tasks, Workload } from './workload.js';

/** The analyses of each domain of the simulated product. */
const analysesOf = { apples: ['trend', 'gaps'], berries: ['mean'], cherries: [] } as const;

const domainNames: readonly string[] = Object.keys(analysesOf);

export const router = new Router(routes, queues);

const names = z.array(z.string());
const outcome = z.custom<MemberOutcome>((value) => typeof value === 'object' && value !== null && 'status' in value);
const chosenOrNot = z.tuple([names.nullable()]);
const shares = z.array(share);
const chosenOnly = z.tuple([shares]);
const outcomesAndChosen = z.tuple([z.array(outcome), shares]);
const files = z.tuple([dataFiles]);
const artifact = z.tuple([artifactRef]);

/** The product itself, with domains of its own. */
export const productWorkload: Workload = { settings: defaultSettings, compose: composeOutcome, ingestions, tasksOf: tasksOfLife, oracleOf: (facts) => new ProductOracle(facts) };

/**
 * The product's tasks with handlers that take their time, fail now and then and never return the same twice. A result
 * tells which payload it was made of.
 */
function tasksOfLife(made: Made): Tasks {
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
        return replace(processCanvas((asked ?? domainNames).map((domain) => ({ domain }))));
      },
    }),
    defineTask({
      name: distributeDatasetsTask,
      args: chosenOnly,
      handler: async (ctx, chosen) => {
        await work(made, 1, 20);
        return replace(datasetsCanvas({ domains, files: [ctx.raw] }, chosen));
      },
    }),
    defineTask({
      name: distributeAnalyticsTask,
      args: outcomesAndChosen,
      handler: async (ctx, datasets, chosen) => {
        await work(made, 1, 20);
        return replace(analyticsCanvas({ domains, files: [ctx.raw] }, chosen, datasets));
      },
    }),
  ];
}

function domainOf(made: Made, name: string, analyses: readonly string[]): Domain {
  return defineDomain({
    name,
    accepts: () => true,
    models: [],
    dataset: defineTask({ name: `${name}.dataset`, args: files, handler: (ctx, [raw]) => makeDataset(made, ctx, raw) }),
    analyses: analyses.map((analysis) =>
      defineTask({ name: `${name}.${analysis}`, args: artifact, handler: (ctx, dataset) => analyse(made, ctx, dataset) }),
    ),
  });
}

async function makeDataset(made: Made, ctx: TaskContext, raw: ArtifactRef = ctx.raw): Promise<{ dataset: ArtifactRef; report: Record<string, unknown> }> {
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

async function work(made: Made, least: number, most: number): Promise<void> {
  await takeTime(made, least, most);
  fail(made);
}

/** Ingestions of all kinds: with and without a callback, with a large and a small budget, of one domain or of several. */
function ingestions(world: World): readonly Ingestion[] {
  return Array.from({ length: 5 }, (_, i) => {
    const key = `client-${i}`;
    return {
      key,
      ...(world.chance(0.85) ? { id: `ing_${i}` } : {}),
      canvas: ingestionCanvas(world.chance(0.3) ? null : chosenDomains(world)),
      payload: `id,secret\n${i},${key} ${Array.from({ length: 4 }, () => world.random.next().toString(36).slice(2)).join(' ')}\n`,
      ...(world.chance(0.85) ? { callbackUrl: `https://${key}.test/hook` } : {}),
      budgetMs: world.pick([1_500, 3_000, 10_000, 10_000]) ?? 10_000,
    };
  });
}

function chosenDomains(world: World): readonly string[] {
  const chosen = domainNames.filter(() => world.chance(0.6));
  return chosen.length > 0 ? chosen : domainNames.slice(0, 1);
}
