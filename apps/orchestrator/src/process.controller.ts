import { Controller, Inject } from '@nestjs/common';
import type { MemberOutcome } from '@millrace/canvas';
import type { Domain } from '@millrace/domain';
import {
  analyticsCanvas,
  datasetsCanvas,
  distributeAnalyticsTask,
  distributeDatasetsTask,
  domainsFor,
  domainsNamed,
  initiateTask,
  processCanvas,
  sampleBytes,
  sampleOf,
} from '@millrace/pipeline';
import { Task } from '@millrace/platform';
import { replace, type Replacement, type TaskContext } from '@millrace/tasks';
import { z } from 'zod';

export const DOMAINS = Symbol('domains');

const names = z.array(z.string());
const memberOutcome = z.object({ status: z.enum(['succeeded', 'failed']) }).loose();

/** The three orchestration tasks. Each decides and gives way to a canvas; none waits. */
@Controller()
export class ProcessController {
  constructor(@Inject(DOMAINS) private readonly domains: readonly Domain[]) {}

  /** Which domains apply: those asked for, else those whose data this is. */
  @Task(initiateTask, { args: z.tuple([names.nullable()]) })
  async initiate([asked]: [readonly string[] | null], ctx: TaskContext): Promise<Replacement> {
    const domains = asked ? domainsNamed(this.domains, asked) : domainsFor(this.domains, sampleOf(ctx.raw, await ctx.artifacts.head(ctx.raw, sampleBytes)));
    return replace(processCanvas(domains.map((domain) => domain.name)));
  }

  @Task(distributeDatasetsTask, { args: z.tuple([names]) })
  async distributeDatasets([chosen]: [readonly string[]], ctx: TaskContext): Promise<Replacement> {
    return replace(datasetsCanvas(domainsNamed(this.domains, chosen), ctx.raw));
  }

  @Task(distributeAnalyticsTask, { args: z.tuple([z.array(memberOutcome), names]) })
  async distributeAnalytics([datasets, chosen]: [readonly MemberOutcome[], readonly string[]]): Promise<Replacement> {
    return replace(analyticsCanvas(domainsNamed(this.domains, chosen), datasets));
  }
}
