import { describe, expect, test } from 'vitest';
import { newCollection, type Stage } from './stage.js';

const printable = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).join('');
const wrong = ['', ' ', 'a b', 'a\n', 'é', '\u007f', 'x'.repeat(201)];
const refusal = { code: 'MILLRACE_DOCUMENT_NAME', retryable: false };
const limit = { perSecond: 1, burst: 1 };

export function exerciseNames(stage: Stage): void {
  describe('names', () => {
    test('may have every printable character, and 200 of them', async () => {
      const collection = `${newCollection()}${printable}`;
      for (const key of [printable, 'k'.repeat(200)]) {
        const name = { collection, key };
        await stage.store.put(name, '1');
        expect(await stage.rival.get(name)).toStrictEqual({ ...name, value: '1', version: 1 });
      }
      expect((await stage.all(collection)).map(({ key }) => key)).toEqual([printable, 'k'.repeat(200)]);
      expect(await stage.store.take(`${newCollection()}${printable}`, limit)).toMatchObject({ allowed: true });
    });

    test.each(wrong)('may not be %j', async (name) => {
      const collection = newCollection();
      for (const document of [{ collection, key: name }, { collection: name, key: 'a' }]) {
        await expect(stage.store.get(document)).rejects.toMatchObject(refusal);
        await expect(stage.store.put(document, '1')).rejects.toMatchObject(refusal);
        await expect(stage.store.remove(document)).rejects.toMatchObject(refusal);
      }
      await expect(stage.store.list(name, { limit: 1 })).rejects.toMatchObject(refusal);
      await expect(stage.store.take(name, limit)).rejects.toMatchObject(refusal);
      await expect(stage.store.watch(name, () => undefined)).rejects.toMatchObject(refusal);
    });
  });
}
