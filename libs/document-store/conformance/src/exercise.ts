import { afterAll, beforeAll, describe } from 'vitest';
import { exerciseExpiry } from './expiry.js';
import { exerciseList } from './list.js';
import { exerciseAgainstModel } from './model-based.js';
import { exerciseNames } from './names.js';
import { exercisePut } from './put.js';
import { exerciseRaces } from './races.js';
import { exerciseRemove } from './remove.js';
import type { DocumentStoreSetup } from './setup.js';
import { Stage } from './stage.js';
import { exerciseTake } from './take.js';
import { exerciseUnavailable } from './unavailable.js';
import { exerciseWatch } from './watch.js';

/** Registers the tests that every document store adapter passes, under a `describe` that names it. */
export function exerciseDocumentStore(name: string, setup: DocumentStoreSetup): void {
  describe(`document store ${name}`, () => {
    const stage = new Stage(setup);
    beforeAll(() => stage.open());
    afterAll(() => stage.close());

    exercisePut(stage);
    exerciseRemove(stage);
    exerciseNames(stage);
    exerciseExpiry(stage);
    exerciseList(stage);
    exerciseTake(stage);
    exerciseWatch(stage);
    exerciseRaces(stage);
    if (setup.createUnreachable) exerciseUnavailable(setup.createUnreachable);
    exerciseAgainstModel(stage);
  });
}
