import { ManualClock, seededRandom } from '@millrace/kernel';
import { type ActivityEvent, EventBus, silentLog } from '@millrace/telemetry';
import { MemoryBlobStore, MemoryDocumentStore } from '@millrace/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { Control } from './control.js';
import { followEvents } from './events/follow-events.js';
import { ProcessControl } from './process-control.js';
import type { Controllable, LoneCall } from './workers/controllable.js';

let clock: ManualClock;
let documents: MemoryDocumentStore;
let control: Control;

beforeEach(() => {
  clock = new ManualClock();
  documents = new MemoryDocumentStore(clock);
  control = new Control({ documents, clock, random: seededRandom(1) });
});

/** A worker that notes what it is told. */
function fakeWorker(): Controllable & { readonly told: unknown[] } {
  const queues = [{ name: 'tasks', leaseMs: 4_000, maxDeliveries: 10 }];
  let slots = 4;
  const told: unknown[] = [];
  return {
    told,
    queues,
    tasks: ['n.add'],
    inHand: 2,
    get pools() {
      return [{ name: 'main', slots, busy: 1 }];
    },
    active: () => [{ run: 'r1', step: '0', task: 'n.add', attempt: 1, since: 5 }],
    revoke: (run) => told.push(run),
    resize: async (_, to) => void (slots = to),
    serve: async (queue) => void queues.push(queue),
    leave: async (name) => void queues.splice(queues.findIndex((queue) => queue.name === name), 1),
    call: async (call: LoneCall) => ({ status: 'succeeded', value: told.push(call.args) }),
  };
}

interface Process {
  readonly control: ProcessControl;
  readonly events: EventBus;
  readonly drained: () => number;
}

async function start(id: string, worker?: Controllable, store = documents): Promise<Process> {
  const events = new EventBus(id, clock);
  let drained = 0;
  const options = { service: id.split('@')[0] ?? id, worker, drain: () => void drained++ };
  const process = new ProcessControl(options, { documents: store, blobs: new MemoryBlobStore(), events, clock, log: silentLog });
  await process.start();
  return { control: process, events, drained: () => drained };
}

/** What comes of it, while time goes on. */
async function whileTimePasses<T>(asked: Promise<T>, ms = 10_000): Promise<T> {
  const until = clock.now() + ms;
  const passing = async (): Promise<never> => {
    while (clock.now() < until) await clock.advance(50);
    throw new Error(`not done within ${ms} ms`);
  };
  return Promise.race([asked, passing()]);
}

describe('the registry', () => {
  it('shows a process from its start to its end, with what it serves', async () => {
    const { control: process } = await start('analyst@a', fakeWorker());
    expect(await control.directory.workers()).toMatchObject([
      { id: 'analyst@a', service: 'analyst', version: expect.stringMatching(/^\d+\.\d+\.\d+/), state: 'working', queues: ['tasks'], pools: [{ name: 'main', slots: 4, busy: 1 }], tasks: ['n.add'], startedAt: clock.now() },
    ]);
    await process.draining();
    expect(await control.directory.workers()).toMatchObject([{ state: 'draining' }]);
    await process.stop();
    expect(await control.directory.workers()).toEqual([]);
  });

  it('keeps a process for as long as it beats, and forgets one that was killed after 30 seconds', async () => {
    await start('analyst@alive');
    await documents.put({ collection: 'workers', key: 'analyst@killed' }, '{"id":"analyst@killed"}', { expiresAt: clock.now() + 30_000 });
    const ids = async () => (await control.directory.workers()).map(({ id }) => id);
    await clock.advance(29_000);
    expect(await ids()).toEqual(['analyst@alive', 'analyst@killed']);
    await clock.advance(60_000);
    expect(await ids()).toEqual(['analyst@alive']);
  });

  it('knows queues that nobody serves any more', async () => {
    const { control: process } = await start('analyst@a', fakeWorker());
    await process.stop();
    expect(await control.directory.queues()).toEqual([{ name: 'tasks', leaseMs: 4_000, maxDeliveries: 10 }]);
  });
});

describe('a command', () => {
  it('is answered by every worker, and names those that do not answer', async () => {
    await start('analyst@a', fakeWorker());
    await start('orchestrator@b', fakeWorker());
    await documents.put({ collection: 'workers', key: 'analyst@dead' }, JSON.stringify({ id: 'analyst@dead', service: 'analyst', queues: [] }), { expiresAt: clock.now() + 15_000 });
    const { replies, missing } = await whileTimePasses(control.tell({ type: 'ping' }));
    expect(replies.map(({ worker, ok }) => [worker, ok])).toEqual([['analyst@a', true], ['orchestrator@b', true]]);
    expect(missing).toEqual(['analyst@dead']);
  });

  it('goes to those alone that were chosen', async () => {
    const [a, b] = [fakeWorker(), fakeWorker()];
    await start('analyst@a', a);
    await start('orchestrator@b', b);
    const { replies } = await whileTimePasses(control.tell({ type: 'terminate', run: 'r9' }, { service: 'analyst' }));
    expect(replies).toEqual([{ worker: 'analyst@a', ok: true, answer: { handlers: 1 } }]);
    expect(b.told).toEqual([]);
  });

  it('is carried out once, however often it is seen', async () => {
    const worker = fakeWorker();
    await start('analyst@a', worker);
    const asked = control.tell({ type: 'broadcast', task: 'n.add', args: [1, 2], timeoutMs: 1_000 });
    for (let i = 0; i < 5; i++) await documents.put({ collection: 'control', key: `zz${i}` }, '{}');
    const { replies } = await whileTimePasses(asked);
    expect(worker.told).toEqual([[1, 2]]);
    expect(replies).toMatchObject([{ ok: true, answer: { status: 'succeeded', value: 1 } }]);
  });

  it('that nobody is there for says so', async () => {
    await expect(control.tell({ type: 'ping' }, { service: 'nobody' })).rejects.toMatchObject({ code: 'MILLRACE_CONTROL_NO_WORKER', message: expect.stringContaining('service nobody') });
  });

  it('that a worker does not know is refused by it', async () => {
    await start('analyst@a', fakeWorker());
    const { replies } = await whileTimePasses(control.tell({ type: 'dance' } as never));
    expect(replies).toMatchObject([{ ok: false, code: 'MILLRACE_CONTROL_COMMAND', message: expect.stringContaining('"dance"') }]);
  });

  it('for workers is refused by a process that is none', async () => {
    await start('ingestion-api@a');
    const { replies } = await whileTimePasses(control.tell({ type: 'grow', pool: 'main', by: 1 }));
    expect(replies).toMatchObject([{ ok: false, code: 'MILLRACE_CONTROL_NOT_A_WORKER' }]);
  });

  it('shows at once what it has changed', async () => {
    await start('analyst@a', fakeWorker());
    await whileTimePasses(control.tell({ type: 'grow', pool: 'main', by: 3 }));
    await whileTimePasses(control.tell({ type: 'add-queue', queue: { name: 'more', leaseMs: 1_000, maxDeliveries: 2 } }));
    await whileTimePasses(control.tell({ type: 'cancel-queue', queue: 'tasks' }));
    expect(await control.directory.workers()).toMatchObject([{ queues: ['more'], pools: [{ slots: 7 }] }]);
    expect((await control.directory.queues()).map(({ name }) => name)).toEqual(['more', 'tasks']);
  });

  it('to a pool that is not there says which there are', async () => {
    await start('analyst@a', fakeWorker());
    const { replies } = await whileTimePasses(control.tell({ type: 'grow', pool: 'gpu', by: 1 }));
    expect(replies).toMatchObject([{ ok: false, code: 'MILLRACE_CONTROL_POOL', message: expect.stringMatching(/"gpu".*main/) }]);
  });

  it('needs no name for the only pool', async () => {
    await start('analyst@a', fakeWorker());
    const { replies } = await whileTimePasses(control.tell({ type: 'grow', by: -1 }));
    expect(replies).toMatchObject([{ ok: true, answer: { before: 4, slots: 3 } }]);
  });

  it('inspects: what is at work, what is registered, how the process does', async () => {
    await start('analyst@a', fakeWorker());
    const { replies } = await whileTimePasses(control.tell({ type: 'inspect' }));
    expect(replies).toMatchObject([
      {
        ok: true,
        answer: {
          active: [{ run: 'r1', step: '0', task: 'n.add', attempt: 1, since: 5 }],
          reserved: 1,
          registered: ['n.add'],
          stats: { versions: { node: process.version, millrace: expect.stringMatching(/^\d+\.\d+\.\d+/) }, rssBytes: expect.any(Number) },
        },
      },
    ]);
  });

  it('drains: the process is told once, and answers with what is at work', async () => {
    const { drained } = await start('analyst@a', fakeWorker());
    const { replies } = await whileTimePasses(control.tell({ type: 'drain' }));
    expect(replies).toMatchObject([{ answer: { active: 1 } }]);
    expect(drained()).toBe(1);
  });

  it('takes a CPU profile to the blob store', async () => {
    await start('analyst@a', fakeWorker());
    const { replies } = await whileTimePasses(control.tell({ type: 'cpu-profile', seconds: 1 }));
    expect(replies).toMatchObject([{ ok: true, answer: { key: expect.stringMatching(/^diagnostics\/analyst_a\/cmd_[0-9a-z]+\.cpuprofile$/), bytes: expect.any(Number) } }]);
  });
});

describe('events', () => {
  const batches = () => documents.list('events', { limit: 1_000 });

  it('cost nothing while nobody follows', async () => {
    const { events } = await start('analyst@a', fakeWorker());
    events.publish({ type: 'run.accepted', run: 'r0', tenant: 't' });
    await clock.advance(60_000);
    expect(events.enabled).toBe(false);
    expect(await batches()).toEqual([]);
  });

  it('reach a follower from every process, in the order of each, and end with it', async () => {
    const [a, b] = [await start('analyst@a', fakeWorker()), await start('analyst@b', fakeWorker())];
    const stop = new AbortController();
    const seen: ActivityEvent[] = [];
    const following = (async () => {
      for await (const event of followEvents({ documents, clock, random: seededRandom(2) }, stop.signal)) seen.push(event);
    })();
    await clock.advance(100);
    expect([a.events.enabled, b.events.enabled]).toEqual([true, true]);
    for (let i = 0; i < 1_000; i++) (i % 2 === 0 ? a : b).events.publish({ type: 'run.accepted', run: `r${i}`, tenant: 't' });
    await clock.advance(2_000);
    const accepted = seen.filter((event) => event.type === 'run.accepted');
    for (const [source, odd] of [['analyst@a', 0], ['analyst@b', 1]] as const) {
      expect(accepted.filter((event) => event.source === source).map(({ run }) => run)).toEqual(Array.from({ length: 500 }, (_, i) => `r${2 * i + odd}`));
    }
    await clock.advance(30_000);
    expect(seen.filter(({ type }) => type === 'worker.heartbeat').length).toBeGreaterThanOrEqual(4);
    stop.abort();
    await whileTimePasses(following);
    await clock.advance(100);
    expect([a.events.enabled, b.events.enabled]).toEqual([false, false]);
  });

  it('are not written any more when a follower was killed, 15 seconds after its last sign', async () => {
    const { events } = await start('analyst@a', fakeWorker());
    await documents.put({ collection: 'control', key: 'fol_killed' }, '{}', { expiresAt: clock.now() + 15_000 });
    await clock.advance(14_900);
    expect(events.enabled).toBe(true);
    await clock.advance(200);
    expect(events.enabled).toBe(false);
  });

  it('that come faster than they can be written are dropped and counted, not kept for ever', async () => {
    const { events } = await start('analyst@a', fakeWorker());
    await documents.put({ collection: 'control', key: 'fol_x' }, '{}', { expiresAt: clock.now() + 15_000 });
    await clock.advance(10);
    for (let i = 0; i < 10_000; i++) events.publish({ type: 'run.accepted', run: `r${i}`, tenant: 't' });
    await clock.advance(1_000);
    const written = (await batches()).map(({ value }) => JSON.parse(value) as { events: unknown[]; dropped: number });
    expect(written.reduce((sum, batch) => sum + batch.events.length, 0)).toBe(4_000);
    expect(written.reduce((sum, batch) => sum + batch.dropped, 0)).toBe(6_000);
  });
});
