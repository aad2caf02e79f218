import { ManualClock } from '@millrace/kernel';
import { silentLog } from '@millrace/telemetry';
import { MemoryDocumentStore } from '@millrace/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { LoadLedger } from './load-ledger.js';

let clock: ManualClock;
let documents: MemoryDocumentStore;
const ledger = (process: string) => new LoadLedger(process, { documents, clock, log: silentLog }, 250);
/** Asks until what it is told is no older than two rounds. */
const settled = async (asked: LoadLedger) => {
  for (let i = 0; i < 3; i++) {
    asked.snapshot();
    await clock.advance(250);
  }
  return asked.snapshot();
};

beforeEach(() => {
  clock = new ManualClock();
  documents = new MemoryDocumentStore(clock);
});

describe('a load ledger', () => {
  it('knows what others have begun and ended within two rounds of being asked', async () => {
    const [api, otherApi, dispatcher] = [ledger('api-1'), ledger('api-2'), ledger('dispatcher')];
    const at = clock.now();
    for (let i = 0; i < 5; i++) api.begun('acme', at);
    otherApi.begun('acme', at);
    otherApi.begun('zoo', at);
    expect(api.snapshot().total).toBe(5);
    expect((await settled(api)).inFlight).toEqual(new Map([['acme', 6], ['zoo', 1]]));
    for (let i = 0; i < 4; i++) dispatcher.ended('acme', at);
    dispatcher.ended('zoo', at);
    const { inFlight, total } = await settled(api);
    expect([[...inFlight.keys()], total]).toEqual([['acme'], inFlight.get('acme')]);
    expect([1, 2]).toContain(total); // two, less what may have ended since it was told
  });

  it('tells how many end each second, and believes a standstill only after a while', async () => {
    const api = ledger('api');
    for (let second = 0; second < 6; second++) {
      for (let i = 0; i < 8; i++) api.ended('acme', clock.now());
      await clock.advance(1_000);
    }
    expect(api.snapshot().endsPerSecond).toBe(8);
    await clock.advance(1_000);
    expect(api.snapshot().endsPerSecond).toBe(6);
    await clock.advance(4_000);
    expect(api.snapshot().endsPerSecond).toBe(4);
    await clock.advance(12_000);
    expect(api.snapshot().endsPerSecond).toBe(0);
  });

  it('forgets within seconds what a killed process did not tell, and what it told along with it', async () => {
    const [api, dispatcher] = [ledger('api'), ledger('dispatcher')];
    const at = clock.now();
    for (let i = 0; i < 10; i++) api.begun('acme', at);
    for (let i = 0; i < 7; i++) dispatcher.ended('acme', at);
    expect((await settled(api)).total).toBe(3);
    dispatcher.stop();
    await clock.advance(16_000);
    expect((await settled(api)).total).toBe(0);
    const restarted = ledger('restarted');
    for (let i = 0; i < 3; i++) restarted.ended('acme', at);
    api.begun('acme', clock.now());
    expect((await settled(api)).total).toBe(1);
  });

  it('writes and asks nothing while there is nothing to tell and nobody who asks', async () => {
    const api = ledger('api');
    api.begun('acme', clock.now());
    await settled(api);
    await clock.advance(1_000);
    const [told] = await documents.list('load', { limit: 1 });
    documents.list = () => Promise.reject(new Error('asked'));
    documents.put = () => Promise.reject(new Error('asked'));
    await clock.advance(60_000);
    expect(told?.version).toBe(1);
  });
});
