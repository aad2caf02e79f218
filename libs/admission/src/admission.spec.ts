import { ManualClock, seededRandom } from '@millrace/kernel';
import { silentLog } from '@millrace/telemetry';
import { MemoryDocumentStore } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { Admission } from './admission.js';
import { LoadLedger } from './load-ledger.js';

const random = seededRandom(7);
const deps = () => ({ clock: new ManualClock(), random });
const snapshot = (inFlight: Record<string, number>, endsPerSecond: number) => ({
  snapshot: () => ({ inFlight: new Map(Object.entries(inFlight)), total: Object.values(inFlight).reduce((a, b) => a + b, 0), endsPerSecond }),
});
const acme = { tenant: 'acme', budgetMs: 10_000, isUrgent: true };

describe('admission', () => {
  it('lets in what can end in time', () => {
    const admission = new Admission(snapshot({ zoo: 300, acme: 100 }, 100), deps());
    expect(admission.refusalOf(acme)).toBeUndefined();
    expect(admission.refusalOf({ ...acme, budgetMs: 6_000 })).toMatchObject({ code: 'MILLRACE_OVERLOADED' });
  });

  it('refuses what cannot, says when it could, and lets in who does not mind', () => {
    const admission = new Admission(snapshot({ zoo: 400, acme: 600 }, 100), deps());
    const refusal = admission.refusalOf(acme);
    expect(refusal).toMatchObject({ code: 'MILLRACE_OVERLOADED', message: '1000 ingestions are under way and 100 end each second, so this one would end too late' });
    expect(refusal?.retryAfterSeconds).toBeGreaterThanOrEqual(4);
    expect(refusal?.retryAfterSeconds).toBeLessThanOrEqual(7);
    expect(admission.refusalOf({ ...acme, isUrgent: false })).toBeUndefined();
  });

  it('keeps a part for others than the one who has most', () => {
    const admission = new Admission(snapshot({ noisy: 420 }, 100), deps());
    expect(admission.refusalOf({ ...acme, tenant: 'noisy' })).toMatchObject({ code: 'MILLRACE_TENANT_BUSY', message: 'tenant noisy has 420 ingestions under way, and may have 400 at the moment' });
    expect(admission.refusalOf(acme)).toBeUndefined();
  });

  it('lets in a tenant with less than its share also when others have filled it', () => {
    expect(new Admission(snapshot({ a: 300, b: 300 }, 100), deps()).refusalOf(acme)).toBeUndefined();
    expect(new Admission(snapshot({ a: 300, b: 300 }, 100), deps()).refusalOf({ ...acme, tenant: 'a' })).toMatchObject({ code: 'MILLRACE_OVERLOADED' });
    expect(new Admission(snapshot({ a: 400, b: 400 }, 100), deps()).refusalOf(acme)).toMatchObject({ code: 'MILLRACE_OVERLOADED' });
  });

  it('holds a tenant to its own limit, also when there is room', () => {
    const admission = new Admission(snapshot({ acme: 3 }, 0), deps());
    expect(admission.refusalOf({ ...acme, maxInFlight: 3 })).toMatchObject({ code: 'MILLRACE_TENANT_BUSY' });
    expect(admission.refusalOf({ ...acme, maxInFlight: 4 })).toBeUndefined();
  });

  it('lets a few in while nothing is known of how fast things go', () => {
    expect(new Admission(snapshot({ acme: 79 }, 0), deps()).refusalOf(acme)).toBeUndefined();
    expect(new Admission(snapshot({ acme: 80 }, 0), deps()).refusalOf(acme)).toMatchObject({ retryAfterSeconds: expect.any(Number) as number });
    expect(new Admission(snapshot({ acme: 23 }, 0.25), deps()).refusalOf(acme)).toBeUndefined();
  });
});

describe('a rate of ends', () => {
  const slow = snapshot({ acme: 70 }, 1);

  it('says nothing of what can be done while there was little to do', () => {
    expect(new Admission(slow, deps()).refusalOf(acme)).toBeUndefined();
    expect(new Admission(snapshot({ acme: 130 }, 1), deps()).refusalOf(acme)).toMatchObject({ code: 'MILLRACE_OVERLOADED' });
  });

  it('does so after five seconds with enough to do', async () => {
    const clock = new ManualClock();
    const admission = new Admission(slow, { clock, random });
    admission.refusalOf(acme);
    await clock.advance(4_999);
    expect(admission.refusalOf(acme)).toBeUndefined();
    await clock.advance(1);
    expect(admission.refusalOf(acme)).toMatchObject({ code: 'MILLRACE_OVERLOADED', message: '70 ingestions are under way and 1 end each second, so this one would end too late' });
  });
});

/** A deployment that ends `perSecond` ingestions each second, in the order they came, simulated in steps of 10 ms. */
async function overload(arrivalsPerSecond: Readonly<Record<string, number>>, perSecond: number, seconds: number) {
  const clock = new ManualClock();
  const ledger = new LoadLedger('api', { documents: new MemoryDocumentStore(clock), clock, log: silentLog }, 250);
  const admission = new Admission(ledger, { clock, random });
  const queue: Array<{ tenant: string; at: number }> = [];
  const seen = { accepted: {} as Record<string, number>, refused: {} as Record<string, number>, inTime: 0, late: 0 };
  let credit = 0;
  for (let step = 0; step < seconds * 100; step++) {
    for (const [tenant, rate] of Object.entries(arrivalsPerSecond)) {
      for (let due = rate / 100; due > 0 && random.next() < due; due--) {
        const refusal = admission.refusalOf({ tenant, budgetMs: 10_000, isUrgent: true });
        const counts = refusal ? seen.refused : seen.accepted;
        counts[tenant] = (counts[tenant] ?? 0) + 1;
        if (refusal) continue;
        queue.push({ tenant, at: clock.now() });
        ledger.begun(tenant, clock.now());
      }
    }
    for (credit = Math.min(credit + perSecond / 100, queue.length); credit >= 1; credit--) {
      const { tenant, at } = queue.shift() ?? { tenant: '', at: 0 };
      ledger.ended(tenant, at);
      if (clock.now() - at <= 9_000) seen.inTime++;
      else seen.late++;
    }
    await clock.advance(10);
  }
  return seen;
}

describe('under three times what can be done', () => {
  it('as much is done as can be, and what was let in is in time', async () => {
    const { inTime, late } = await overload({ acme: 150, zoo: 150 }, 100, 60);
    expect(inTime).toBeGreaterThan(0.9 * 100 * 60);
    expect(late / (inTime + late)).toBeLessThan(0.01);
  });

  it('a quiet tenant is let in beside a noisy one', async () => {
    const { accepted, refused } = await overload({ noisy: 290, quiet: 10 }, 100, 60);
    expect(accepted.quiet ?? 0).toBeGreaterThan(500);
    expect((refused.quiet ?? 0) / (accepted.quiet ?? 1)).toBeLessThan(0.02);
    expect(refused.noisy ?? 0).toBeGreaterThan(100 * 60);
  });
});
