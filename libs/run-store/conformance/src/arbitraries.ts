import type { DeliveryAttempt } from '@millrace/contracts';
import type { DeliveryEnd, StepSettlement } from '@millrace/run-store';
import * as fc from 'fast-check';
import type { Operation } from './run-model.js';
import type { MembersOperation } from './shard-model.js';
import { digest } from './stage.js';

/** Between the time of the tests of `due` and that of all others, so that `due` can be compared. */
export const modelTime = Date.UTC(2010, 0, 1);

/** Few values, so that they meet. */
export const time = fc.integer({ min: 0, max: 20 }).map((offset) => modelTime + offset);
export const step = fc.constantFrom('0', '1', '1.0');
const at = fc.record({ step, sweepAt: time });
const timing = fc.record({ claimedAt: time, settledAt: time, handlerMs: fc.nat(999) });

const error = fc.record({ code: fc.string(), message: fc.string({ unit: 'grapheme' }), retryable: fc.boolean() });
const args = fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 2 });
const canvas = fc.record({ kind: fc.constant('task' as const), task: fc.string(), args });

const settlement: fc.Arbitrary<StepSettlement> = fc.oneof(
  fc.record({ status: fc.constant('succeeded' as const), result: fc.record({ inline: fc.jsonValue({ maxDepth: 2 }) }), timing }),
  fc.record({ status: fc.constant('failed' as const), error, timing }),
  fc.record({ status: fc.constant('replaced' as const), canvas, timing }),
  fc.record({ status: fc.constant('chosen' as const), case: fc.option(fc.string()), timing }),
  fc.record({ status: fc.constant('joined' as const), counted: fc.array(step, { maxLength: 3 }), rest: fc.constantFrom('late', 'revoked'), timing }),
);

const entry: fc.Arbitrary<DeliveryAttempt> = fc.record({ at: time, status: fc.integer({ min: 100, max: 599 }), ms: fc.nat(999) });
const begin = fc.record({ now: time, bodySha256: fc.constant(digest), leaseUntil: time });
const ending = fc.record({ attempt: fc.integer({ min: 1, max: 4 }), entry });
const end: fc.Arbitrary<DeliveryEnd> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(ending, time).map(([rest, nextAt]) => ({ ...rest, status: 'delivering' as const, nextAt })) },
  { weight: 1, arbitrary: ending.map((rest) => ({ ...rest, status: 'delivering' as const })) },
  {
    weight: 1,
    arbitrary: fc.tuple(ending, fc.constantFrom('delivered', 'exhausted', 'endpoint-disabled'), fc.option(time)).map(([rest, status, nextAt]) => ({
      ...rest,
      status,
      ...(nextAt === null ? {} : { nextAt }),
    })),
  },
);

const final = fc.oneof(fc.record({ frozenAt: time }), fc.record({ frozenAt: time, reason: fc.string() }));

/** What may follow a settlement, at times; never a claim of the same step. */
const settle = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('settle' as const), at, settlement }) },
  {
    weight: 3,
    arbitrary: fc
      .record({ kind: fc.constant('settle' as const), at, settlement, next: fc.record({ claim: step }) })
      .filter(({ at: { step }, next }) => next.claim !== step),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('settle' as const), at, settlement, next: fc.record({ finish: final }) }) },
);

const anyOperation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('claim' as const), at }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('fail' as const, 'snooze' as const), at }) },
  { weight: 5, arbitrary: settle },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('finish' as const, 'cancel' as const), final }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('freeze' as const), final: fc.record({ frozenAt: time }), sweepAt: time }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('beginDelivery' as const), begin }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('endDelivery' as const), end }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('putOffDelivery' as const), putOff: fc.record({ now: time, bodySha256: fc.constant(digest), nextAt: time }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('replayDelivery' as const), sweepAt: time }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('sweep' as const), at: fc.record({ now: time, sweepAt: time }) }) },
);

export const operation = anyOperation.map(asJson);

const member = fc.nat(5);
const changes = fc
  .uniqueArray(fc.tuple(member, fc.oneof(settlement.map(asJson), fc.constantFrom('failed-try' as const, 'snoozed-try' as const))), { maxLength: 4, selector: ([member]) => member })
  .map((entries) => new Map(entries));

export const membersOperation: fc.Arbitrary<MembersOperation> = fc.oneof(
  fc
    .record({ at, members: fc.uniqueArray(member, { maxLength: 4 }) })
    .map(({ at, members }) => ({ kind: 'claimMembers' as const, at: { ...at, members } })),
  fc.record({ kind: fc.constant('changeMembers' as const), at, changes }),
);

/** As a store returns it: some of what fast-check makes has no prototype, and JSON knows no -0. */
function asJson<T>(made: T): T {
  const copy: T = JSON.parse(JSON.stringify(made));
  return copy;
}
