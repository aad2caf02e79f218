import { describe } from 'vitest';
import { exerciseAck } from './ack.js';
import { exerciseBackpressure } from './backpressure.js';
import { exerciseBatching } from './batching.js';
import { exerciseDeadLetter } from './dead-letter.js';
import { exerciseDelay } from './delay.js';
import { exerciseGroups } from './groups.js';
import { exerciseLease } from './lease.js';
import { exercisePriority } from './priority.js';
import { exercisePublish } from './publish.js';
import { exerciseReceive } from './receive.js';
import { exerciseRedelivery } from './redelivery.js';
import type { BrokerSetup } from './setup.js';
import { exerciseShutdown } from './shutdown.js';
import { exerciseUpkeep } from './upkeep.js';

/** Registers the tests that every broker adapter passes, under a `describe` that names it. The cases run side by side. */
export function exerciseBroker(name: string, setup: BrokerSetup): void {
  describe.concurrent(`broker ${name}`, () => {
    exercisePublish(setup);
    exerciseReceive(setup);
    exerciseAck(setup);
    exerciseRedelivery(setup);
    exerciseLease(setup);
    exerciseDelay(setup);
    exercisePriority(setup);
    exerciseGroups(setup);
    exerciseDeadLetter(setup);
    exerciseUpkeep(setup);
    exerciseBackpressure(setup);
    exerciseBatching(setup);
    exerciseShutdown(setup);
  });
}
