import { type RunStore, terminalStatuses, type Transition } from '@millrace/run-store';
import type { EventBus, RunActivity } from '@millrace/telemetry';

type Method<Name extends keyof RunStore> = RunStore[Name];

/** A run store that tells of runs as they begin and end. While nobody listens it only hands on. */
export class TellingRunStore implements RunStore {
  constructor(
    private readonly inner: RunStore,
    private readonly events: EventBus,
  ) {}

  readonly create: Method<'create'> = (...given) => this.#told(this.inner.create(...given), ({ run }) => ({ type: 'run.accepted', run: run.id, tenant: run.tenant }));
  readonly settle: Method<'settle'> = (...given) => (given[3]?.finish ? this.#told(this.inner.settle(...given), ended) : this.inner.settle(...given));
  readonly freeze: Method<'freeze'> = (...given) => this.#told(this.inner.freeze(...given), ended);
  readonly finish: Method<'finish'> = (...given) => this.#told(this.inner.finish(...given), ended);
  readonly cancel: Method<'cancel'> = (...given) => this.#told(this.inner.cancel(...given), ({ run }) => ({ type: 'run.cancelled', run: run.id, ...(run.final?.reason === undefined ? {} : { reason: run.final.reason }) }));
  readonly endDelivery: Method<'endDelivery'> = (...given) => this.#told(this.inner.endDelivery(...given), deliveredBy);

  readonly read: Method<'read'> = (...given) => this.inner.read(...given);
  readonly claim: Method<'claim'> = (...given) => this.inner.claim(...given);
  readonly fail: Method<'fail'> = (...given) => this.inner.fail(...given);
  readonly snooze: Method<'snooze'> = (...given) => this.inner.snooze(...given);
  readonly claimMembers: Method<'claimMembers'> = (...given) => this.inner.claimMembers(...given);
  readonly changeMembers: Method<'changeMembers'> = (...given) => this.inner.changeMembers(...given);
  readonly readMembers: Method<'readMembers'> = (...given) => this.inner.readMembers(...given);
  readonly touch: Method<'touch'> = (...given) => this.inner.touch(...given);
  readonly beginDelivery: Method<'beginDelivery'> = (...given) => this.inner.beginDelivery(...given);
  readonly putOffDelivery: Method<'putOffDelivery'> = (...given) => this.inner.putOffDelivery(...given);
  readonly replayDelivery: Method<'replayDelivery'> = (...given) => this.inner.replayDelivery(...given);
  readonly due: Method<'due'> = (...given) => this.inner.due(...given);
  readonly list: Method<'list'> = (...given) => this.inner.list(...given);
  readonly sweep: Method<'sweep'> = (...given) => this.inner.sweep(...given);
  readonly watch: Method<'watch'> = (...given) => this.inner.watch(...given);
  readonly prepare: Method<'prepare'> = () => this.inner.prepare();
  readonly ping: Method<'ping'> = () => this.inner.ping();
  readonly close: Method<'close'> = () => this.inner.close();

  #told<T extends Transition | undefined>(made: Promise<T>, activityOf: (transition: Transition) => RunActivity | undefined): Promise<T> {
    if (!this.events.enabled) return made;
    return made.then((transition) => {
      const activity = transition?.applied ? activityOf(transition) : undefined;
      if (activity) this.events.publish(activity);
      return transition;
    });
  }
}

/** A settlement may have been made without the end that was asked for along with it. */
const ended = ({ run: { id, tenant, status } }: Transition): RunActivity | undefined => (status === 'finished' || status === 'finalizing' ? { type: 'run.finished', run: id, tenant } : undefined);

function deliveredBy({ run: { id, status, delivery } }: Transition): RunActivity | undefined {
  if (!terminalStatuses.has(status)) return undefined;
  return { type: status === 'delivered' ? 'run.delivered' : 'run.undelivered', run: id, attempts: delivery?.attempts ?? 0 };
}
