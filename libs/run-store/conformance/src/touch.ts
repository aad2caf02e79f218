import { describe, expect, test } from 'vitest';
import { createdAt, farOff, type Stage } from './stage.js';

export function exerciseTouch(stage: Stage): void {
  describe('touch', () => {
    test('puts off the next sweep and changes nothing else', async () => {
      const id = await stage.running(createdAt + 100);
      const before = await stage.store.read(id);
      expect(await stage.store.touch(id, createdAt + 700)).toBe('running');
      expect(await stage.rival.read(id)).toStrictEqual({ ...before, sweepAt: createdAt + 700 });
      await stage.putOff([id]);
    });

    test('never brings the next sweep nearer', async () => {
      const id = await stage.running(createdAt + 100);
      const before = await stage.store.read(id);
      expect(await stage.store.touch(id, createdAt + 99)).toBe('running');
      expect(await stage.rival.read(id)).toStrictEqual(before);
      await stage.putOff([id]);
    });

    test.each(['received', 'finalizing', 'delivering'] as const)('tells that a run is %s', async (status) => {
      const id = await (status === 'delivering' ? stage.delivering(farOff) : stage[status]());
      expect(await stage.rival.touch(id, createdAt)).toBe(status);
    });

    test.each(['delivered', 'finished', 'cancelled'] as const)('of a run that is %s says so and does not bring it back', async (status) => {
      const id = await stage[status]();
      expect(await stage.store.touch(id, createdAt)).toBe(status);
      expect(await stage.store.read(id)).not.toHaveProperty('sweepAt');
      expect(await stage.store.due(createdAt + 1, 1_000)).not.toContain(id);
    });
  });
}
