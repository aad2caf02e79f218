import { parentPort, workerData } from 'node:worker_threads';
import { Attack } from './attack.js';

/** What the thread is told to attack with. */
export interface AttackOrder {
  readonly port: number;
  readonly perSecond: number;
  readonly dripping: number;
}

// In a thread of its own, so that making bad requests does not hold up the healthy client who is measured.
const { port, perSecond, dripping } = workerData as AttackOrder;
const attack = new Attack(port);
const attacking = attack.run(perSecond, dripping);
parentPort?.once('message', () => {
  void attack
    .stop()
    .then(() => attacking)
    .then(() => parentPort?.postMessage(attack.answers, []));
});
