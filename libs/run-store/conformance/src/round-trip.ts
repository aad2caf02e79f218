import { type Canvas, chain, chord, group, immutable, signature } from '@millrace/canvas';
import type { RunRecord } from '@millrace/run-store';
import { describe, expect, test } from 'vitest';
import { createdAt, digest, farOff, headOf, made, newId, type Stage, succeeded } from './stage.js';

const awkward = {
  texts: ['', 'Zürich', '東京', '👩‍🚀', '\u0000\u0001', '"\\/', '\ud800', 'line\nbreak\u2028', '{{}}', '}:run:'],
  numbers: [0, -1, 0.1, 1e21, Number.MAX_SAFE_INTEGER, Number.MIN_VALUE],
  nested: { a: [[[]], [{ b: { c: null } }]], empty: {}, '': 'empty key', 'c:0': 'like a field' },
  yes: true,
  no: false,
  nothing: null,
};

const canvas: Canvas = chain(
  signature('a', awkward),
  chord(group([signature('b'), immutable('c', [1, [2]])], 'collect'), signature('d')),
  group([]),
);

const timing = { claimedAt: createdAt + 1, settledAt: createdAt + 2.5, handlerMs: 0.75 };
const ref = { key: 'results/ü/0', bytes: 2 ** 40, sha256: digest, contentType: 'application/json; charset=utf-8', filename: 'résumé "x".json' };

export function exerciseRoundTrip(stage: Stage): void {
  const lifeOf = async (id: string): Promise<RunRecord> => {
    const { store } = stage;
    const at = { step: '0', sweepAt: farOff };
    made(await store.claim(id, at));
    made(await store.fail(id, at));
    made(await store.settle(id, at, { status: 'succeeded', result: { inline: awkward }, timing }));
    made(await store.settle(id, { ...at, step: '1.0.g2' }, { status: 'succeeded', result: { ref }, timing }));
    made(await store.settle(id, { ...at, step: '2' }, { status: 'replaced', canvas, timing }));
    made(await store.settle(id, { ...at, step: '3' }, { status: 'failed', error: { code: 'X', message: '✗', retryable: false, detail: awkward }, timing }));
    made(await store.sweep(id, { now: farOff, sweepAt: farOff }));
    made(await store.freeze(id, { frozenAt: createdAt + 9_000 }, farOff));
    made(await store.beginDelivery(id, { now: createdAt, bodySha256: digest, leaseUntil: farOff }));
    return made(await store.endDelivery(id, { attempt: 1, entry: { at: createdAt, status: 500, error: 'päng', ms: 1.5 }, status: 'delivering', nextAt: farOff }));
  };

  describe('a record', () => {
    test('comes back as it was given, every field of it', async () => {
      const head = headOf(newId(), { tenant: 'Käse & Söhne 🧀', canvas, raw: ref, callback: { url: 'https://example.org/hook?a=1&b=%20#ü' } });
      made(await stage.store.create(head, farOff));
      const run = await lifeOf(head.id);
      expect(run).toStrictEqual({
        ...head,
        status: 'delivering',
        rev: 11,
        epoch: 1,
        sweepAt: farOff,
        steps: {
          '0': { claims: 1, failures: 1, settlement: { status: 'succeeded', result: { inline: awkward }, timing } },
          '1.0.g2': { claims: 0, failures: 0, settlement: { status: 'succeeded', result: { ref }, timing } },
          '2': { claims: 0, failures: 0, settlement: { status: 'replaced', canvas, timing } },
          '3': { claims: 0, failures: 0, settlement: { status: 'failed', error: { code: 'X', message: '✗', retryable: false, detail: awkward }, timing } },
        },
        final: { frozenAt: createdAt + 9_000 },
        delivery: { bodySha256: digest, attempts: 1, leaseUntil: 0, nextAt: farOff, log: [{ at: createdAt, status: 500, error: 'päng', ms: 1.5 }] },
      });
      expect(await stage.rival.read(head.id)).toStrictEqual(run);
    });

    test('of a run that was cancelled keeps the reason', async () => {
      const id = await stage.running();
      const final = { frozenAt: createdAt + 0.5, reason: awkward.texts.join(' ') };
      expect(made(await stage.store.cancel(id, final)).final).toStrictEqual(final);
      expect((await stage.rival.read(id))?.final).toStrictEqual(final);
    });

    test('holds 64 steps', async () => {
      const id = await stage.received();
      const steps = Array.from({ length: 64 }, (_, i) => `2.${i}`);
      await Promise.all(steps.map(async (step) => made(await stage.store.claim(id, { step, sweepAt: farOff }))));
      const result = { text: 'x'.repeat(1_000) };
      await Promise.all(steps.map(async (step) => made(await stage.rival.settle(id, { step, sweepAt: farOff }, succeeded(result)))));
      const run = (await stage.store.read(id))!;
      expect(run.rev).toBe(1 + 2 * 64);
      expect(run.steps).toStrictEqual(Object.fromEntries(steps.map((step) => [step, { claims: 1, failures: 0, settlement: succeeded(result) }])));
    });

    test.each(['__proto__', 'constructor', 'a b', 'ü', '#', ':', 'x'.repeat(64)])('takes a step called %s', async (step) => {
      const id = await stage.received();
      const run = made(await stage.store.claim(id, { step, sweepAt: farOff }));
      expect(Object.entries(run.steps)).toEqual([[step, { claims: 1, failures: 0 }]]);
    });
  });
}
