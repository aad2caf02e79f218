import type { DocumentStore } from '@millrace/document-store';
import { collections, listAll, read } from '../collections.js';
import { controlErrors } from '../errors.js';
import type { QueueCard } from './controllable.js';
import type { WorkerCard } from './worker-card.js';

/** Which workers are meant; all of them when nothing is said. */
export interface WorkerChoice {
  /** An id, or the beginning of one. */
  readonly id?: string | undefined;
  readonly service?: string | undefined;
}

/** Who is up, and which queues there are. */
export class WorkerDirectory {
  constructor(private readonly documents: Pick<DocumentStore, 'list'>) {}

  /** In the order of their ids. */
  async workers({ id = '', service }: WorkerChoice = {}): Promise<readonly WorkerCard[]> {
    const cards = (await listAll(this.documents, collections.workers)).map((document) => read<WorkerCard>(document));
    return cards.filter((card) => card.id.startsWith(id) && (service === undefined || card.service === service));
  }

  /** Rejects with MILLRACE_CONTROL_NO_WORKER when there are none. */
  async required(choice: WorkerChoice): Promise<readonly WorkerCard[]> {
    const workers = await this.workers(choice);
    if (workers.length > 0) return workers;
    const asked = [choice.id && `worker ${choice.id}`, choice.service && `service ${choice.service}`].filter(Boolean).join(' and ');
    throw controlErrors.error('MILLRACE_CONTROL_NO_WORKER', asked ? `no process that is up fits ${asked}` : 'no process is up');
  }

  /** Queues that were ever served, also when nobody does now. */
  async queues(): Promise<readonly QueueCard[]> {
    return (await listAll(this.documents, collections.queues)).map((document) => read<QueueCard>(document));
  }

  /** Rejects with MILLRACE_CONTROL_QUEUE when there is none of that name. */
  async queue(name: string): Promise<QueueCard> {
    const queues = await this.queues();
    const queue = queues.find((candidate) => candidate.name === name);
    if (queue) return queue;
    throw controlErrors.error('MILLRACE_CONTROL_QUEUE', `there is no queue ${JSON.stringify(name)}, but ${queues.map((each) => each.name).join(', ') || 'none at all'}`);
  }
}
