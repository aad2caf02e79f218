import type { Broker } from '@millrace/broker';
import { type Clock, messageOf } from '@millrace/kernel';
import type { Router } from '@millrace/tasks';
import type { Log } from '@millrace/telemetry';
import { type Hint, outgoing } from './hints.js';

/**
 * Sends hints, without anybody waiting for it: none is needed for safety. One that cannot be sent is logged and left to
 * the sweeper. They are handed to the broker in the order of the calls, and before what the caller does next.
 */
export class HintSender {
  readonly #underway = new Set<Promise<void>>();

  constructor(
    private readonly broker: Pick<Broker, 'publish' | 'capabilities'>,
    readonly router: Router,
    private readonly deps: { readonly clock: Clock; readonly log: Log },
  ) {}

  send(hints: readonly Hint[]): void {
    if (hints.length === 0) return;
    const sending = this.#publish(hints).finally(() => this.#underway.delete(sending));
    this.#underway.add(sending);
  }

  /** Resolves when all that was to be sent has been, or was given up. */
  async flush(): Promise<void> {
    await Promise.all(this.#underway);
  }

  async #publish(hints: readonly Hint[]): Promise<void> {
    const { clock, log } = this.deps;
    try {
      const now = clock.now();
      const { maxDelayMs } = this.broker.capabilities;
      const failures = await this.broker.publish(hints.map((hint) => outgoing(hint, this.router, now, maxDelayMs)));
      for (const { message, reason } of failures) log.warn({ id: message.id, queue: message.queue, reason }, 'hint not sent');
    } catch (err) {
      log.warn({ run: hints[0]?.message.run, hints: hints.length, reason: messageOf(err) }, 'hints not sent');
    }
  }
}
