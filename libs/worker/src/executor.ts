import type { Disposition, Lease } from '@millrace/broker';
import type { TaskMessage } from '@millrace/contracts';
import type { Slots } from '@millrace/kernel';

/** What a worker gives an executor along with a message. */
export interface Execution {
  readonly lease: Lease;
  /** Aborts when the process must end now; handlers at work give up. */
  readonly stopped: AbortSignal;
  /** Where more slots can be had, for a message that stands for more than one piece of work; its own is taken already. */
  readonly slots: Slots;
  /** Where the message came from. */
  readonly queue: string;
  /** Whether a following step, a call of `task` that would come on `queue`, may run on the same delivery. */
  serves(queue: string, task: string): boolean;
}

/** Carries out one kind of message. Rejects only when its own infrastructure fails; then the message is delivered again. */
export interface Executor {
  execute(message: TaskMessage, execution: Execution): Promise<Disposition>;
}

export const ack: Disposition = { kind: 'ack' };
