import { type Canvas, resolve } from '@millrace/canvas';
import type { CallbackEvent } from '@millrace/contracts';
import { defaultSettings, progressOf } from '@millrace/engine';
import type { RunRecord } from '@millrace/run-store';
import { defineTask, replace, snooze, type TaskPolicy } from '@millrace/tasks';
import { z } from 'zod';
import { CanvasOracle } from '../monitor/canvas-oracle.js';
import type { World } from '../world/world.js';
import { failPassing, simulationErrors, takeTime } from './handler-work.js';
import type { Ingestion } from './ingestion.js';
import { failingTask, flakyTask, pickTask, randomCanvas, replacingTask, treeTask } from './random-canvas.js';
import type { Made, Tasks, Workload } from './workload.js';

const values = z.array(z.unknown());

/** Steps are tried until they succeed, so that what a run comes to can be told from its canvas. */
const policy: Partial<TaskPolicy> = { maxAttempts: 1_000, backoffMs: 10, maxBackoffMs: 200 };
const settings = { ...defaultSettings, maxClaims: 1_000 };

/** Random canvases of all kinds over tasks whose results tell how they came about. */
export const canvasWorkload: Workload = { settings, compose, ingestions, tasksOf: tasksOfLife, oracleOf: (facts) => new CanvasOracle(facts) };

function tasksOfLife(made: Made): Tasks {
  const trees = defineTask({ name: treeTask, args: values, policy, handler: (_ctx, ...args) => tree(made, args) });
  const flaky = defineTask({
    name: flakyTask,
    args: values,
    policy,
    handler: async (_ctx, ...args) => (made.world.chance(made.trouble()) ? snooze(made.world.between(1, 1_000)) : tree(made, args)),
  });
  const fails = defineTask({
    name: failingTask,
    args: values,
    policy,
    handler: async (): Promise<never> => {
      await takeTime(made, 1, 200);
      throw simulationErrors.error('SIMULATED_LASTING', 'a task that fails');
    },
  });
  const picks = defineTask({ name: pickTask, args: values, policy, handler: async (_ctx, ...args) => String(args.at(-1)) });
  const replaces = defineTask({ name: replacingTask, args: values, policy, handler: async (_ctx, ...args) => replace(args.at(-1) as Canvas) });
  return { orchestration: [], work: [trees, flaky, fails, picks, replaces] };
}

/** The label stands last among the arguments. */
async function tree(made: Made, args: readonly unknown[]): Promise<unknown> {
  await takeTime(made, 1, 300);
  failPassing(made);
  return [args.at(-1), ...args.slice(0, -1)];
}

function compose(record: RunRecord, results: ReadonlyMap<string, unknown>): CallbackEvent {
  const run = progressOf(record);
  const errorOf = (step: string): unknown => {
    const settlement = record.steps[step]?.settlement;
    return settlement?.status === 'failed' ? settlement.error : undefined;
  };
  const value = run.status === 'succeeded' ? resolve(run, run.plans[0]?.output ?? null, { valueOf: (step) => results.get(step), errorOf }) : undefined;
  return {
    type: 'ingestion.completed',
    timestamp: new Date(record.deadlineAt).toISOString(),
    data: { ingestionId: record.id, status: 'completed', tasks: [], insights: { status: run.status, value: value ?? null }, datasets: {}, budget: { budgetMs: 0, usedMs: 0, steps: [] } },
  };
}

function ingestions(world: World): readonly Ingestion[] {
  return Array.from({ length: 3 }, (_, i) => ({
    key: `client-${i}`,
    id: `ing_${i}`,
    canvas: randomCanvas(world),
    payload: `id,secret\n${i},client-${i} ${world.random.next()}\n`,
    ...(world.chance(0.5) ? { callbackUrl: `https://client-${i}.test/hook` } : {}),
    budgetMs: world.chance(0.1) ? 3_000 : 120_000,
    ...(world.chance(0.1) ? { cancelAfterMs: world.between(0, 2_000) } : {}),
  }));
}
