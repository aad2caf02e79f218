import { afterAll, beforeAll, describe } from 'vitest';
import { exerciseAtOnce } from './at-once.js';
import { exerciseClaim } from './claim.js';
import { exerciseConcurrently } from './concurrent.js';
import { exerciseCreate } from './create.js';
import { exerciseDelivery } from './delivery.js';
import { exerciseDue } from './due.js';
import { exerciseEnd } from './end.js';
import { exerciseEndTry } from './end-try.js';
import { exerciseFreeze } from './freeze.js';
import { exerciseList } from './list.js';
import { exerciseMembersConcurrently } from './concurrent-members.js';
import { exerciseMembers } from './members.js';
import { exerciseAgainstModel } from './model-based.js';
import { exerciseRoundTrip } from './round-trip.js';
import { exerciseSettleOnce } from './settle-once.js';
import { exerciseSettleThen } from './settle-then.js';
import type { RunStoreSetup } from './setup.js';
import { Stage } from './stage.js';
import { exerciseStatusOrder } from './status-order.js';
import { exerciseSweep } from './sweep.js';
import { exerciseTouch } from './touch.js';
import { exerciseUnavailable } from './unavailable.js';
import { exerciseWatch } from './watch.js';
import { exerciseWatchEnd } from './watch-end.js';

/** Registers the tests that every run store adapter passes, under a `describe` that names it. */
export function exerciseRunStore(name: string, setup: RunStoreSetup): void {
  describe(`run store ${name}`, () => {
    const stage = new Stage(setup);
    beforeAll(() => stage.open());
    afterAll(() => stage.close());

    exerciseCreate(stage);
    exerciseClaim(stage);
    exerciseSettleOnce(stage);
    exerciseSettleThen(stage);
    exerciseEndTry(stage);
    exerciseAtOnce(stage);
    exerciseFreeze(stage);
    exerciseEnd(stage);
    exerciseMembers(stage);
    exerciseDelivery(stage);
    exerciseStatusOrder(stage);
    exerciseTouch(stage);
    exerciseDue(stage);
    exerciseSweep(stage);
    exerciseList(stage);
    exerciseWatch(stage);
    exerciseWatchEnd(stage);
    exerciseRoundTrip(stage);
    if (setup.createUnreachable) exerciseUnavailable(setup.createUnreachable);
    exerciseAgainstModel(stage);
    exerciseConcurrently(stage);
    exerciseMembersConcurrently(stage);
  });
}
