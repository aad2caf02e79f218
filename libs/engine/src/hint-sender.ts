import type { Broker } from '@millrace/broker';
import type { TaskMessage } from '@millrace/contracts';
import { messageOf } from '@millrace/kernel';
import type { Router } from '@millrace/tasks';
import type { Log } from '@millrace/telemetry';
import { outgoing } from './hints.js';

/** Sends hints. A hint that cannot be sent is logged and left to the sweeper: none is needed for safety. */
export class HintSender {
  constructor(
    private readonly broker: Pick<Broker, 'publish'>,
    readonly router: Router,
    private readonly log: Log,
  ) {}

  async send(hints: readonly TaskMessage[]): Promise<void> {
    if (hints.length === 0) return;
    try {
      const failures = await this.broker.publish(hints.map((hint) => outgoing(hint, this.router)));
      for (const { message, reason } of failures) this.log.warn({ id: message.id, queue: message.queue, reason }, 'hint not sent');
    } catch (err) {
      this.log.warn({ run: hints[0]?.run, hints: hints.length, reason: messageOf(err) }, 'hints not sent');
    }
  }
}
