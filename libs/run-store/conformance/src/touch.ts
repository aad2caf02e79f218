import { describe, expect, test } from 'vitest';
import { createdAt, type Stage } from './stage.js';

export function exerciseTouch(stage: Stage): void {
  describe('touch', () => {
    test('puts off the next sweep and changes nothing else', async () => {
      const id = await stage.running(createdAt + 100);
      const before = await stage.store.read(id);
      expect(await stage.store.touch(id, createdAt + 700)).toBeUndefined();
      expect(await stage.rival.read(id)).toStrictEqual({ ...before, sweepAt: createdAt + 700 });
      await stage.putOff([id]);
    });

    test('never brings the next sweep nearer', async () => {
      const id = await stage.running(createdAt + 100);
      const before = await stage.store.read(id);
      await stage.store.touch(id, createdAt + 99);
      expect(await stage.rival.read(id)).toStrictEqual(before);
      await stage.putOff([id]);
    });

    test('of a run that is over does not bring it back', async () => {
      const id = await stage.delivered();
      await stage.store.touch(id, createdAt);
      expect(await stage.store.read(id)).not.toHaveProperty('sweepAt');
      expect(await stage.store.due(createdAt + 1, 1_000)).not.toContain(id);
    });
  });
}
