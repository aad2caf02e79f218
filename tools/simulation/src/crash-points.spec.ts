import { seededRandom } from '@millrace/kernel';
import { ingestionCanvas } from '@millrace/pipeline';
import { describe, expect, it } from 'vitest';
import type { Ingestion } from './workload/ingestion.js';
import { simulate } from './simulate.js';

/** One ingestion and nothing that goes wrong but the kills. */
const ingestion: Ingestion = {
  key: 'client',
  id: 'ing_1',
  canvas: ingestionCanvas(['apples', 'berries']),
  payload: 'id,secret\n1,nobody else needs to know this\n',
  callbackUrl: 'https://client.test/hook',
  budgetMs: 10_000,
};

const killedAt = (profile: 'aws' | 'redis', ...killAt: readonly number[]) => simulate({ seed: 1, ingestions: [ingestion], faults: false, profile, killAt });

describe.each(['aws', 'redis'] as const)('an ingestion on %s', (profile) => {
  it('comes to its end, all invariants holding, whichever of its points a process is killed at', { timeout: 60_000 }, async () => {
    const { points, statuses } = await killedAt(profile);
    expect(statuses).toEqual({ ing_1: 'delivered' });
    for (let point = 1; point <= points; point++) {
      const killed = await killedAt(profile, point);
      expect({ point, violations: killed.violations, statuses: killed.statuses }).toEqual({ point, violations: [], statuses: { ing_1: 'delivered' } });
    }
  });

  it('does so, too, when two processes are killed', { timeout: 60_000 }, async () => {
    const { points } = await killedAt(profile);
    const random = seededRandom(profile === 'aws' ? 1 : 2);
    for (let i = 0; i < 250; i++) {
      const [first, second] = [1 + Math.floor(random.next() * points), 1 + Math.floor(random.next() * points)];
      const killed = await killedAt(profile, first, second);
      expect({ first, second, violations: killed.violations, statuses: killed.statuses }).toEqual({ first, second, violations: [], statuses: { ing_1: 'delivered' } });
    }
  });
});
