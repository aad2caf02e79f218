import type { IngestionEvent, TaskView } from '@millrace/contracts';
import { progressOf } from '@millrace/engine';
import { ingestionStatus, taskViews } from '@millrace/pipeline';
import type { RunRecord } from '@millrace/run-store';
import { isSettled } from './follow.js';

/** Comes often enough that nothing between client and server takes the stream for dead. */
const heartbeat = ': \n\n';

/** Asks clients that lose the stream to come back soon. */
const opening = 'retry: 2000\n\n';

/**
 * Records of a run as server-sent events. An event's id is the record's rev: a client that comes back with it is told
 * nothing until there is something newer, then the states of all tasks again.
 */
export async function* eventStream(records: AsyncIterable<RunRecord>, lastEventId: number | undefined): AsyncGenerator<string> {
  yield opening;
  let before: ReadonlyMap<string, string> = new Map();
  let known = lastEventId;
  for await (const record of records) {
    const states = statesOf(record);
    const news = record.rev === known ? [] : states.filter(({ key, text }) => before.get(key) !== text);
    if (record.rev !== known) before = new Map(states.map(({ key, text }) => [key, text]));
    known = record.rev;
    yield news.length === 0 ? heartbeat : news.map(({ type, text }) => frame(record.rev, type, text)).join('');
    if (!isSettled(record)) continue;
    yield frame(record.rev, 'end', JSON.stringify({ type: 'end', status: ingestionStatus(record) } satisfies IngestionEvent));
    return;
  }
}

interface State {
  readonly key: string;
  readonly type: IngestionEvent['type'];
  readonly text: string;
}

function statesOf(record: RunRecord): readonly State[] {
  const tasks = taskViews(record, progressOf(record)).map((task: TaskView) => state(`task ${task.step}`, { type: 'task', task }));
  return [...tasks, state('status', { type: 'status', status: ingestionStatus(record) })];
}

const state = (key: string, event: IngestionEvent): State => ({ key, type: event.type, text: JSON.stringify(event) });

const frame = (id: number, type: string, data: string): string => `id: ${id}\nevent: ${type}\ndata: ${data}\n\n`;

/** The Last-Event-ID of a client that comes back; anything else is as good as none. */
export const lastEventIdOf = (header: string | readonly string[] | undefined): number | undefined =>
  typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
