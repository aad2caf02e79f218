import type { IngestionList, ListQuery } from '@millrace/contracts';
import { ingestionStatus } from '@millrace/pipeline';
import type { RunPosition, RunRecord, RunStore } from '@millrace/run-store';
import { summaryOf } from './ingestion-view.js';
import { wrongParameters } from './problem.js';

const usualLimit = 20;
const mostPerPage = 100;

/** A request looks at no more pages than this in search of a rare status; the cursor goes on from there. */
const mostPages = 5;

/** One page of a tenant's ingestions. Throws a 422 problem for a cursor that is none. */
export async function listIngestions(tenant: string, query: ListQuery, runs: Pick<RunStore, 'list'>): Promise<IngestionList> {
  const { limit = usualLimit, status, cursor } = query;
  const range = { ...(query.since === undefined ? {} : { since: Date.parse(query.since) }), ...(query.until === undefined ? {} : { until: Date.parse(query.until) }) };
  const found: RunRecord[] = [];
  let after = cursor === undefined ? undefined : positionIn(cursor);
  for (let pages = 0; pages < mostPages; pages++) {
    const page = await runs.list(tenant, { ...range, limit: status === undefined ? limit : mostPerPage, ...(after ? { after } : {}) });
    const fitting = page.runs.filter((run) => status === undefined || ingestionStatus(run) === status);
    found.push(...fitting.slice(0, limit - found.length));
    const isFull = found.length === limit;
    const last = found.at(-1);
    after = isFull && last && fitting.includes(last) && page.runs.at(-1) !== last ? last : page.next;
    if (isFull || !after || status === undefined) break;
  }
  return { ingestions: found.map(summaryOf), ...(after ? { cursor: cursorOf(after) } : {}) };
}

const cursorOf = ({ createdAt, id }: RunPosition): string => Buffer.from(`${createdAt}.${id}`).toString('base64url');

function positionIn(cursor: string): RunPosition {
  const [, createdAt, id] = /^(\d{1,15})\.(\w{1,64})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (createdAt === undefined || id === undefined) throw wrongParameters({ pointer: '#query/cursor', detail: 'the cursor is none that a list gave' });
  return { createdAt: Number(createdAt), id };
}
