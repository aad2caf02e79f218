import type { Outcome } from '@millrace/tasks';
import type { ChildLink } from '../child-link.js';
import type { FromChild, ToChild } from '../child-messages.js';

/** A child whose part the test plays. */
export class FakeChild implements ChildLink {
  readonly sent: ToChild[] = [];
  readonly gone: Promise<string>;
  fate: 'at work' | 'ended' | 'killed' = 'at work';
  readonly #listeners: Array<(message: FromChild) => void> = [];
  readonly #die: (how: string) => void;

  constructor(readonly canKill: boolean) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.gone = promise;
    this.#die = resolve;
  }

  send(message: ToChild): void {
    this.sent.push(message);
  }

  onMessage(listen: (message: FromChild) => void): void {
    this.#listeners.push(listen);
  }

  end(): void {
    this.fate = 'ended';
    this.#die('exit code 0');
  }

  kill(): void {
    this.fate = 'killed';
    this.#die('SIGKILL');
  }

  crash(how = 'SIGSEGV'): void {
    this.#die(how);
  }

  says(message: FromChild): void {
    for (const listen of this.#listeners) listen(message);
  }

  ready(): void {
    this.says({ type: 'ready' });
  }

  /** Ends its try with `value`. */
  succeeds(value: unknown, { returned = true, memoryMb = 10 } = {}): void {
    const outcome: Outcome = { kind: 'succeeded', value };
    this.says({ type: 'ended', outcome: JSON.stringify(outcome), handlerMs: 1, returned, memoryMb });
  }

  get tries(): number {
    return this.sent.filter(({ type }) => type === 'try').length;
  }
}
