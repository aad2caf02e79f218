import { type Clock, every } from '@millrace/kernel';
import { type RunStatus, terminalStatuses, type WatchScope } from '@millrace/run-store';
import { statusOf } from './attributes.js';
import type { RunTable } from './run-table.js';

/** How often a run is looked at, in milliseconds. */
const pollMs = 250;

interface Glance {
  readonly rev: number;
  /** Nothing is left to tell of. */
  readonly isOver: boolean;
}

/** The statuses of runs that may change in a way that is to be told. */
const isOpen: Readonly<Record<WatchScope, (status: RunStatus) => boolean>> = {
  all: (status) => !terminalStatuses.has(status),
  end: (status) => status === 'received' || status === 'running',
};

/** One loop for each watch, which asks for the run's rev and status until it is over or nobody wants to know. */
export class Watches {
  readonly #table: RunTable;
  readonly #clock: Clock;
  readonly #stops = new Set<() => void>();
  #isClosed = false;

  constructor(table: RunTable, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  async begin(id: string, changed: () => void, scope: WatchScope): Promise<() => void> {
    let last = await this.#glance(id, scope);
    const poll = async (): Promise<void> => {
      const now = await this.#glance(id, scope).catch(() => undefined);
      if (!this.#stops.has(stop)) return;
      if (now?.isOver) stop();
      if (now && (scope === 'end' ? !now.isOver : now.rev <= last.rev)) return;
      last = now ?? last;
      changed();
    };
    const stopPolling = every(this.#clock, pollMs, poll);
    const stop = (): void => {
      stopPolling();
      this.#stops.delete(stop);
    };
    this.#stops.add(stop);
    if (last.isOver || this.#isClosed) stop();
    return stop;
  }

  close(): void {
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
  }

  async #glance(id: string, scope: WatchScope): Promise<Glance> {
    const run = await this.#table.peek(id, ['rv', 'st']);
    const status = statusOf(run);
    return { rev: Number(run['rv']?.N ?? 0), isOver: status !== undefined && !isOpen[scope](status) };
  }
}
