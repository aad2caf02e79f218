import { ManualClock } from '@millrace/kernel';
import { silentLog } from '@millrace/telemetry';
import { MemoryDocumentStore } from '@millrace/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { LoadLedger } from './load-ledger.js';

let clock: ManualClock;
let documents: MemoryDocumentStore;
const ledger = (process: string, follows = false) => {
  const made = new LoadLedger(process, { documents, clock, log: silentLog }, 250);
  made.start();
  if (follows) made.follow();
  return made;
};

beforeEach(() => {
  clock = new ManualClock();
  documents = new MemoryDocumentStore(clock);
});

describe('a load ledger', () => {
  it('knows what others have begun and ended within two rounds', async () => {
    const [api, otherApi, dispatcher] = [ledger('api-1', true), ledger('api-2'), ledger('dispatcher')];
    const at = clock.now();
    for (let i = 0; i < 5; i++) api.begun('acme', at);
    otherApi.begun('acme', at);
    otherApi.begun('zoo', at);
    expect(api.snapshot().total).toBe(5);
    await clock.advance(500);
    expect(api.snapshot().inFlight).toEqual(new Map([['acme', 6], ['zoo', 1]]));
    for (let i = 0; i < 4; i++) dispatcher.ended('acme', at);
    dispatcher.ended('zoo', at);
    await clock.advance(500);
    expect(api.snapshot()).toMatchObject({ inFlight: new Map([['acme', 2]]), total: 2 });
  });

  it('tells how many end each second, over the last four', async () => {
    const api = ledger('api', true);
    for (let second = 0; second < 6; second++) {
      for (let i = 0; i < 8; i++) api.ended('acme', clock.now());
      await clock.advance(1_000);
    }
    expect(api.snapshot().endsPerSecond).toBe(8);
    await clock.advance(2_000);
    expect(api.snapshot().endsPerSecond).toBe(4);
  });

  it('forgets within seconds what a killed process did not tell, and what it told along with it', async () => {
    const [api, dispatcher] = [ledger('api', true), ledger('dispatcher')];
    const at = clock.now();
    for (let i = 0; i < 10; i++) api.begun('acme', at);
    for (let i = 0; i < 7; i++) dispatcher.ended('acme', at);
    await clock.advance(500);
    dispatcher.stop();
    expect(api.snapshot().total).toBe(3);
    await clock.advance(16_000);
    expect(api.snapshot().total).toBe(0);
    for (let i = 0; i < 3; i++) ledger('restarted').ended('acme', at);
    api.begun('acme', clock.now());
    await clock.advance(500);
    expect(api.snapshot().total).toBe(1);
  });

  it('writes nothing while there is nothing to tell', async () => {
    const api = ledger('api');
    api.begun('acme', clock.now());
    await clock.advance(1_000);
    const [told] = await documents.list('load', { limit: 1 });
    await clock.advance(5_000);
    expect((await documents.list('load', { limit: 1 }))[0]?.version).toBe(told?.version);
  });
});
