import type { MemberChange, MembersTransition, StepRecord } from '@millrace/run-store';
import { describe, expect, test } from 'vitest';
import { cancelled, createdAt, failed, farOff, frozen, made, type Stage, succeeded } from './stage.js';

const shard = '1.g0';
const at = { step: shard, sweepAt: createdAt + 700 };
const claimed = (claims: number, failures = 0): StepRecord => ({ claims, failures });
const settledBy = (settlement: NonNullable<StepRecord['settlement']>, claims = 1, failures = 0): StepRecord => ({ claims, failures, settlement });

/** What an update of members that was made came to. */
function changed(transition: MembersTransition | undefined): MembersTransition {
  expect(transition).toMatchObject({ applied: true });
  return transition!;
}

export function exerciseMembers(stage: Stage): void {
  exerciseClaimMembers(stage);
  exerciseChangeMembers(stage);
  exerciseClosedShard(stage);
  exerciseReadMembers(stage);
}

function exerciseClaimMembers(stage: Stage): void {
  describe('claimMembers', () => {
    test('moves a received run to running, and its record knows nothing of the members', async () => {
      const id = await stage.received();
      const before = await stage.store.read(id);
      const transition = await stage.store.claimMembers(id, { ...at, members: [4, 0] });
      expect(transition).toStrictEqual({ status: 'running', applied: true, members: new Map([[4, claimed(1)], [0, claimed(1)]]), settled: 0 });
      expect(await stage.rival.read(id)).toStrictEqual({ ...before, status: 'running', sweepAt: at.sweepAt });
      await stage.putOff([id]);
    });

    test('counts again, and tells of none but those asked for', async () => {
      const id = await stage.running();
      changed(await stage.store.claimMembers(id, { ...at, members: [0, 1, 2] }));
      const { members } = changed(await stage.rival.claimMembers(id, { ...at, members: [2, 3] }));
      expect(members).toStrictEqual(new Map([[2, claimed(2)], [3, claimed(1)]]));
      expect(await stage.store.readMembers(id, shard)).toStrictEqual(new Map([[0, claimed(1)], [1, claimed(1)], [2, claimed(2)], [3, claimed(1)]]));
      await stage.putOff([id]);
    });

    test('leaves settled members as they are and claims the others', async () => {
      const id = await stage.running();
      changed(await stage.store.claimMembers(id, { ...at, members: [0, 1] }));
      changed(await stage.store.changeMembers(id, at, new Map([[1, succeeded('done')]])));
      const transition = changed(await stage.rival.claimMembers(id, { ...at, members: [0, 1, 2] }));
      expect(transition.members).toStrictEqual(new Map([[0, claimed(2)], [1, settledBy(succeeded('done'))], [2, claimed(1)]]));
      expect(transition.settled).toBe(1);
      await stage.putOff([id]);
    });

    test('sets the next sweep, also nearer', async () => {
      const id = await stage.running();
      changed(await stage.store.claimMembers(id, { ...at, members: [0], sweepAt: createdAt + 60 }));
      expect((await stage.store.read(id))?.sweepAt).toBe(createdAt + 60);
      await expect.poll(() => stage.rival.due(createdAt + 60, 1_000), { timeout: 10_000 }).toContain(id);
      changed(await stage.rival.claimMembers(id, { ...at, members: [0], sweepAt: farOff }));
      await expect.poll(() => stage.rival.due(createdAt + 60, 1_000), { timeout: 10_000 }).not.toContain(id);
    });

    test('of no members tells how things stand', async () => {
      const id = await stage.running();
      expect(await stage.store.claimMembers(id, { ...at, members: [] })).toStrictEqual({ status: 'running', applied: true, members: new Map(), settled: 0 });
      await stage.putOff([id]);
    });

    test('keeps shards and runs apart', async () => {
      const [id, other] = [await stage.running(), await stage.running()];
      changed(await stage.store.claimMembers(id, { ...at, members: [0] }));
      changed(await stage.store.changeMembers(id, { ...at, step: '1.g1' }, new Map([[0, succeeded('of g1')]])));
      const told = changed(await stage.store.claimMembers(other, { ...at, members: [0, 1] }));
      expect(told).toMatchObject({ members: new Map([[0, claimed(1)], [1, claimed(1)]]), settled: 0 });
      expect(await stage.rival.readMembers(id, shard)).toStrictEqual(new Map([[0, claimed(1)]]));
      expect(await stage.rival.readMembers(id, '1.g1')).toStrictEqual(new Map([[0, settledBy(succeeded('of g1'), 0)]]));
      await stage.putOff([id, other]);
    });

    test('of one member by many at once counts every one', async () => {
      const id = await stage.received();
      const stores = Array.from({ length: 12 }, (_, i) => (i % 2 ? stage.store : stage.rival));
      await Promise.all(stores.map(async (store, i) => changed(await store.claimMembers(id, { ...at, members: [5, i + 10] }))));
      const members = await stage.store.readMembers(id, shard);
      expect(members).toStrictEqual(new Map([[5, claimed(12)], ...stores.map((_, i) => [i + 10, claimed(1)] as const)]));
      await stage.putOff([id]);
    });
  });
}

function exerciseChangeMembers(stage: Stage): void {
  describe('changeMembers', () => {
    test('settles members and counts failed tries of others', async () => {
      const id = await stage.running();
      const before = await stage.store.read(id);
      changed(await stage.store.claimMembers(id, { ...at, members: [0, 1, 2] }));
      const changes = new Map<number, MemberChange>([[0, succeeded({ rows: [1] })], [1, 'failed-try'], [2, failed('X')]]);
      const transition = await stage.rival.changeMembers(id, { ...at, sweepAt: createdAt + 900 }, changes);
      const members = new Map([[0, settledBy(succeeded({ rows: [1] }))], [1, claimed(1, 1)], [2, settledBy(failed('X'))]]);
      expect(transition).toStrictEqual({ status: 'running', applied: true, members, settled: 2 });
      expect(await stage.store.readMembers(id, shard)).toStrictEqual(members);
      expect(await stage.store.read(id)).toStrictEqual({ ...before, sweepAt: createdAt + 900 });
      await stage.putOff([id]);
    });

    test('of a settled member is passed over, and tells the first settlement', async () => {
      const id = await stage.running();
      changed(await stage.store.changeMembers(id, at, new Map([[0, succeeded('first')]])));
      const changes = new Map<number, MemberChange>([[0, failed('SECOND')], [1, succeeded('other')]]);
      const members = new Map([[0, settledBy(succeeded('first'), 0)], [1, settledBy(succeeded('other'), 0)]]);
      expect(changed(await stage.rival.changeMembers(id, at, changes))).toMatchObject({ members, settled: 2 });
      expect(changed(await stage.rival.changeMembers(id, at, new Map([[0, 'failed-try']])))).toMatchObject({ settled: 2 });
      expect(await stage.store.readMembers(id, shard)).toStrictEqual(members);
      await stage.putOff([id]);
    });

    test('of a member that failed before keeps what was counted', async () => {
      const id = await stage.received();
      for (const failures of [1, 2]) {
        changed(await stage.store.claimMembers(id, { ...at, members: [9] }));
        const { members } = changed(await stage.rival.changeMembers(id, at, new Map([[9, 'failed-try']])));
        expect(members).toStrictEqual(new Map([[9, claimed(failures, failures)]]));
      }
      const { members } = changed(await stage.store.changeMembers(id, at, new Map([[9, succeeded('at last')]])));
      expect(members).toStrictEqual(new Map([[9, settledBy(succeeded('at last'), 2, 2)]]));
      await stage.putOff([id]);
    });

    test('counts snoozed tries beside the others, and keeps them', async () => {
      const id = await stage.received();
      for (const snoozes of [1, 2, 3]) {
        changed(await stage.store.claimMembers(id, { ...at, members: [0, 12] }));
        const { members } = changed(await stage.rival.changeMembers(id, at, new Map([[12, 'snoozed-try']])));
        expect(members).toStrictEqual(new Map([[12, { ...claimed(snoozes), snoozes }]]));
      }
      const failedOnce = { ...claimed(3, 1), snoozes: 3 };
      expect(changed(await stage.store.changeMembers(id, at, new Map([[12, 'failed-try']]))).members).toStrictEqual(new Map([[12, failedOnce]]));
      const { members } = changed(await stage.rival.changeMembers(id, at, new Map([[12, succeeded('at last')]])));
      expect(members).toStrictEqual(new Map([[12, { ...failedOnce, settlement: succeeded('at last') }]]));
      changed(await stage.rival.changeMembers(id, at, new Map([[12, 'snoozed-try']])));
      expect(await stage.store.readMembers(id, shard)).toStrictEqual(new Map([[0, claimed(3)], ...members]));
      await stage.putOff([id]);
    });

    test('of a run that was only received moves it to running', async () => {
      const id = await stage.received();
      const transition = await stage.store.changeMembers(id, at, new Map([[0, succeeded(1)]]));
      expect(transition).toMatchObject({ status: 'running', applied: true, settled: 1 });
      expect(await stage.rival.read(id)).toMatchObject({ status: 'running', rev: 1, sweepAt: at.sweepAt });
      await stage.putOff([id]);
    });

    test('of no members tells how things stand', async () => {
      const id = await stage.running();
      changed(await stage.store.changeMembers(id, at, new Map([[3, succeeded(1)]])));
      expect(await stage.store.changeMembers(id, at, new Map())).toStrictEqual({ status: 'running', applied: true, members: new Map(), settled: 1 });
      await stage.putOff([id]);
    });

    test('by two at once lets one of them settle each member, and both see which', async () => {
      for (let round = 0; round < 10; round++) {
        const id = await stage.running();
        const both = await Promise.all([
          stage.store.changeMembers(id, at, new Map([[0, succeeded('left')], [1, succeeded('left')]])),
          stage.rival.changeMembers(id, at, new Map([[1, failed('RIGHT')], [0, failed('RIGHT')]])),
        ]);
        const members = await stage.store.readMembers(id, shard);
        expect(both.map((transition) => changed(transition).members)).toStrictEqual([members, members]);
        expect(members.size).toBe(2);
        await stage.putOff([id]);
      }
    });

    test('of all members by many at once tells somebody that all are settled', async () => {
      for (let round = 0; round < 5; round++) {
        const id = await stage.running();
        const parts = Array.from({ length: 16 }, (_, part) => new Map(Array.from({ length: 10 }, (_, i) => [(part * 8 + i) % 128, succeeded({ part, i })])));
        const told = await Promise.all(parts.map((changes, part) => (part % 2 ? stage.store : stage.rival).changeMembers(id, at, changes)));
        expect(Math.max(...told.map((transition) => changed(transition).settled))).toBe(128);
        expect((await stage.store.readMembers(id, shard)).size).toBe(128);
        await stage.putOff([id]);
      }
    });
  });
}

function exerciseClosedShard(stage: Stage): void {
  /** A run with one claimed member and one that is settled, which then `comes` to be closed. */
  const closed = async (comes: (id: string) => Promise<unknown>): Promise<string> => {
    const id = await stage.running();
    changed(await stage.store.claimMembers(id, { ...at, members: [0, 1], sweepAt: farOff }));
    changed(await stage.store.changeMembers(id, { ...at, sweepAt: farOff }, new Map([[1, succeeded('before')]])));
    await comes(id);
    return id;
  };
  const members = new Map([[0, claimed(1)], [1, settledBy(succeeded('before'))]]);
  const asked = new Map([...members, [2, claimed(0)]]);

  const ways = {
    'whose shard is settled': { status: 'running', comes: async (id: string) => void made(await stage.store.settle(id, { step: shard, sweepAt: farOff }, succeeded([]))) },
    'that is finalizing': { status: 'finalizing', comes: async (id: string) => void made(await stage.store.freeze(id, frozen, farOff)) },
    'that is finished': { status: 'finished', comes: async (id: string) => void made(await stage.store.finish(id, frozen)) },
    'that finished with a settlement': {
      status: 'finished',
      comes: async (id: string) => void made(await stage.store.settle(id, { step: '0', sweepAt: farOff }, succeeded(1), { finish: frozen })),
    },
    'that is cancelled': { status: 'cancelled', comes: async (id: string) => void made(await stage.store.cancel(id, cancelled)) },
  };

  describe.each(Object.keys(ways) as Array<keyof typeof ways>)('the members of a run %s', (way) => {
    const { status, comes } = ways[way];

    test('are not claimed', async () => {
      const id = await closed(comes);
      const there = await stage.store.read(id);
      expect(await stage.rival.claimMembers(id, { ...at, members: [0, 1, 2] })).toStrictEqual({ status, applied: false, members: asked, settled: 1 });
      expect(await stage.store.readMembers(id, shard)).toStrictEqual(members);
      expect(await stage.store.read(id)).toStrictEqual(there);
    });

    test('are not changed', async () => {
      const id = await closed(comes);
      const there = await stage.store.read(id);
      const changes = new Map<number, MemberChange>([[0, succeeded('late')], [1, succeeded('late')], [2, 'failed-try']]);
      expect(await stage.rival.changeMembers(id, at, changes)).toStrictEqual({ status, applied: false, members: asked, settled: 1 });
      expect(await stage.store.readMembers(id, shard)).toStrictEqual(members);
      expect(await stage.store.read(id)).toStrictEqual(there);
    });
  });
}

function exerciseReadMembers(stage: Stage): void {
  describe('readMembers', () => {
    test('of a shard that nobody began gives none', async () => {
      const id = await stage.running();
      expect(await stage.store.readMembers(id, shard)).toStrictEqual(new Map());
    });

    test('gives a full shard back as it was settled, whatever is in it', async () => {
      const id = await stage.running();
      const text = '👩‍🚀 "\\ \u0000 0 1 {"';
      const changes = new Map(Array.from({ length: 128 }, (_, i) => [i, i % 2 ? failed(`${text}${i}`) : succeeded({ i, text: text.repeat(20) })]));
      changed(await stage.store.changeMembers(id, { ...at, sweepAt: farOff }, changes));
      expect(await stage.rival.readMembers(id, shard)).toStrictEqual(new Map([...changes].map(([member, settlement]) => [member, settledBy(settlement, 0)])));
    });

    test.each(['__proto__', 'a b', 'ü', '#', ':', 'x'.repeat(64)])('takes a shard called %s', async (step) => {
      const id = await stage.running();
      changed(await stage.store.claimMembers(id, { step, members: [127], sweepAt: farOff }));
      expect(await stage.rival.readMembers(id, step)).toStrictEqual(new Map([[127, claimed(1)]]));
    });
  });
}
