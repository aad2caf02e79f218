import { afterAll, beforeAll, describe } from 'vitest';
import { exerciseClaim } from './claim.js';
import { exerciseConcurrently } from './concurrent.js';
import { exerciseCreate } from './create.js';
import { exerciseDelivery } from './delivery.js';
import { exerciseDue } from './due.js';
import { exerciseFail } from './fail.js';
import { exerciseFreeze } from './freeze.js';
import { exerciseAgainstModel } from './model-based.js';
import { exerciseRoundTrip } from './round-trip.js';
import { exerciseSettleOnce } from './settle-once.js';
import type { RunStoreSetup } from './setup.js';
import { Stage } from './stage.js';
import { exerciseStatusOrder } from './status-order.js';
import { exerciseSweep } from './sweep.js';
import { exerciseTouch } from './touch.js';
import { exerciseUnavailable } from './unavailable.js';

/** Registers the tests that every run store adapter passes, under a `describe` that names it. */
export function exerciseRunStore(name: string, setup: RunStoreSetup): void {
  describe(`run store ${name}`, () => {
    const stage = new Stage(setup);
    beforeAll(() => stage.open());
    afterAll(() => stage.close());

    exerciseCreate(stage);
    exerciseClaim(stage);
    exerciseSettleOnce(stage);
    exerciseFail(stage);
    exerciseFreeze(stage);
    exerciseDelivery(stage);
    exerciseStatusOrder(stage);
    exerciseTouch(stage);
    exerciseDue(stage);
    exerciseSweep(stage);
    exerciseRoundTrip(stage);
    exerciseUnavailable(setup);
    exerciseAgainstModel(stage);
    exerciseConcurrently(stage);
  });
}
