import type { Runtime } from '@millrace/platform';
import type { RunRecord } from '@millrace/run-store';
import type { FastifyRequest } from 'fastify';
import { unknown } from './refusals.js';
import { tenantOf } from './tenant.js';

/** An ingestion of the caller's own; that of another is as unknown as one that does not exist. Throws a 404 problem. */
export async function findRun(id: string, request: FastifyRequest, { runs }: Pick<Runtime, 'runs'>): Promise<RunRecord> {
  const run = await runs.read(id);
  if (run?.raw && run.tenant === tenantOf(request)) return run;
  throw unknown(id);
}
