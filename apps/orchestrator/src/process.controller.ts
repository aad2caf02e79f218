import { Controller, Inject } from '@nestjs/common';
import type { MemberOutcome } from '@millrace/canvas';
import type { Domain } from '@millrace/domain';
import {
  analyticsCanvas,
  datasetsCanvas,
  distributeAnalyticsTask,
  distributeDatasetsTask,
  filesOf,
  initiateTask,
  processCanvas,
  share,
  type Share,
  sharesOf,
} from '@millrace/pipeline';
import { Task } from '@millrace/platform';
import { replace, type Replacement, type TaskContext } from '@millrace/tasks';
import { z } from 'zod';

export const DOMAINS = Symbol('domains');

const names = z.array(z.string());
const shares = z.array(share);
const memberOutcome = z.object({ status: z.enum(['succeeded', 'failed']) }).loose();

/** The three orchestration tasks. Each decides and gives way to a canvas; none waits. */
@Controller()
export class ProcessController {
  constructor(@Inject(DOMAINS) private readonly domains: readonly Domain[]) {}

  /** Which domains apply: those asked for, else those whose data this is. */
  @Task(initiateTask, { args: z.tuple([names.nullable()]) })
  async initiate([asked]: [readonly string[] | null], ctx: TaskContext): Promise<Replacement> {
    return replace(processCanvas(await sharesOf(this.domains, asked, ctx)));
  }

  @Task(distributeDatasetsTask, { args: z.tuple([shares]) })
  async distributeDatasets([chosen]: [readonly Share[]], ctx: TaskContext): Promise<Replacement> {
    return replace(datasetsCanvas({ domains: this.domains, files: await filesOf(ctx) }, chosen));
  }

  @Task(distributeAnalyticsTask, { args: z.tuple([z.array(memberOutcome), shares]) })
  async distributeAnalytics([datasets, chosen]: [readonly MemberOutcome[], readonly Share[]], ctx: TaskContext): Promise<Replacement> {
    return replace(analyticsCanvas({ domains: this.domains, files: await filesOf(ctx) }, chosen, datasets));
  }
}
