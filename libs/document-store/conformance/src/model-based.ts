import type { Change, Document, PutOptions } from '@millrace/document-store';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newCollection, type Stage } from './stage.js';

interface Put {
  readonly kind: 'put';
  readonly key: string;
  readonly value: string;
  readonly ifVersion?: number | undefined;
  readonly livesMs?: number | undefined;
}
interface Remove {
  readonly kind: 'remove';
  readonly key: string;
  readonly ifVersion?: number | undefined;
}
type Operation = Put | Remove | { readonly kind: 'wait'; readonly ms: number } | { readonly kind: 'list'; readonly prefix: string; readonly limit: number };

const key = fc.constantFrom('a', 'a1', 'b');
const ifVersion = fc.option(fc.nat(3), { nil: undefined });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), key, value: fc.json({ maxDepth: 1 }), ifVersion, livesMs: fc.option(fc.integer({ min: -5, max: 50 }), { nil: undefined }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), key, ifVersion }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('list' as const), prefix: fc.constantFrom('', 'a', 'a1', 'c'), limit: fc.integer({ min: 1, max: 3 }) }) },
);

/** A list of documents, looked through from the front. */
class Model {
  readonly #collection: string;
  #documents: readonly Document[] = [];

  constructor(collection: string) {
    this.#collection = collection;
  }

  find(key: string): Document | undefined {
    return this.#documents.find((document) => document.key === key);
  }

  put({ key, value }: Put, { ifVersion, expiresAt }: PutOptions): Change {
    const before = this.find(key);
    const stands = before === undefined ? {} : { document: before };
    if (ifVersion !== undefined && (before === undefined ? 0 : before.version) !== ifVersion) return { applied: false, ...stands };
    const document = { collection: this.#collection, key, value, version: before ? before.version + 1 : 1, ...(expiresAt === undefined ? {} : { expiresAt }) };
    this.#documents = [...this.#documents.filter((other) => other !== before), document];
    return { applied: true, document };
  }

  remove({ key, ifVersion }: Remove): boolean {
    const before = this.find(key);
    if (!before || (ifVersion !== undefined && before.version !== ifVersion)) return false;
    this.#documents = this.#documents.filter((other) => other !== before);
    return true;
  }

  expire(now: number): void {
    this.#documents = this.#documents.filter(({ expiresAt }) => expiresAt === undefined || now < expiresAt);
  }

  list(prefix: string): Document[] {
    return this.#documents.filter(({ key }) => key.startsWith(prefix)).sort((a, b) => (a.key < b.key ? -1 : 1));
  }
}

export function exerciseAgainstModel(stage: Stage): void {
  const put = async (collection: string, model: Model, operation: Put): Promise<void> => {
    const { key, value, ifVersion, livesMs } = operation;
    const expiresAt = livesMs === undefined ? undefined : stage.clock.now() + livesMs;
    const options: PutOptions = { ...(ifVersion !== undefined && { ifVersion }), ...(expiresAt !== undefined && { expiresAt }) };
    expect(await stage.store.put({ collection, key }, value, options)).toStrictEqual(model.put(operation, options));
  };

  const perform = async (collection: string, model: Model, operation: Operation): Promise<void> => {
    if (operation.kind === 'wait') await stage.clock.advance(operation.ms);
    model.expire(stage.clock.now());
    if (operation.kind === 'put') await put(collection, model, operation);
    if (operation.kind === 'remove') {
      const { key, ifVersion } = operation;
      expect(await stage.rival.remove({ collection, key }, ifVersion === undefined ? {} : { ifVersion })).toBe(model.remove(operation));
    }
    model.expire(stage.clock.now());
    if (operation.kind === 'list') expect(await stage.all(collection, operation)).toStrictEqual(model.list(operation.prefix));
    else for (const key of ['a', 'a1', 'b']) expect(await stage.rival.get({ collection, key })).toStrictEqual(model.find(key));
  };

  describe('any sequence of calls', () => {
    test('does what the model does', { timeout: 300_000 }, async () => {
      const holds = fc.asyncProperty(fc.array(operation, { maxLength: 30, size: 'max' }), async (operations) => {
        const collection = newCollection();
        const model = new Model(collection);
        for (const operation of operations) await perform(collection, model, operation);
        expect(await stage.all(collection)).toStrictEqual(model.list(''));
      });
      await expect(fc.assert(holds, { numRuns: 60 })).resolves.toBeUndefined();
    });
  });
}
