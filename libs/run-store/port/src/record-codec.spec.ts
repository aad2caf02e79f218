import { describe, expect, it } from 'vitest';
import { decodeRecord, firstFields } from './record-codec.js';
import type { RunHead } from './run-record.js';

const head: RunHead = {
  id: 'run_1',
  tenant: 'acme',
  canvas: { kind: 'task', task: 'orders.dataset', args: [{ deep: ['ü', null] }] },
  raw: { key: 'raw/run_1', bytes: 1, sha256: 'ab'.repeat(32), contentType: 'text/csv' },
  createdAt: 1,
  finaliseAt: 2,
  deadlineAt: 3,
};

describe('the flat form of a record', () => {
  it('of a new run is all there is to it', () => {
    expect(decodeRecord(firstFields(head, 7))).toStrictEqual({ ...head, status: 'received', rev: 1, epoch: 0, sweepAt: 7, steps: {} });
  });

  it('may hold numbers as texts', () => {
    const fields = { ...firstFields(head, 7), rv: '12', ep: '3', sw: '1767225600000', 'c:0': '2', da: '1', du: '0', dh: 'ab' };
    expect(decodeRecord(fields)).toMatchObject({ rev: 12, epoch: 3, sweepAt: 1_767_225_600_000, steps: { '0': { claims: 2 } }, delivery: { attempts: 1, leaseUntil: 0 } });
  });

  it('may hold fields of an adapter’s own', () => {
    expect(decodeRecord({ ...firstFields(head, 7), ix: 7, sh: '0', ttl: 9, id: 'run_1', rt: '60000', wt: '1', 'm:2': '1' })).toStrictEqual(decodeRecord(firstFields(head, 7)));
  });

  it('of a run that no ingestion began has no raw data, and may say how long to keep it', () => {
    const { raw: _, ...rest } = head;
    const kept = { ...rest, retentionMs: 60_000 };
    expect(decodeRecord(firstFields(kept, 7))).toStrictEqual({ ...kept, status: 'received', rev: 1, epoch: 0, sweepAt: 7, steps: {} });
  });

  it('of a run that is over has why, and how steps that chose or joined were settled', () => {
    const timing = { claimedAt: 1, settledAt: 2, handlerMs: 1 };
    const chosen = { status: 'chosen', case: null, timing };
    const joined = { status: 'joined', counted: ['1.0', '1.2'], rest: 'late', timing };
    const { sw: _, ...fields } = firstFields(head, 7);
    const final = { frozenAt: 9, reason: 'too dear' };
    const over = { ...fields, st: 'cancelled', fi: JSON.stringify(final), 'o:0': JSON.stringify(chosen), 'o:g1': JSON.stringify(joined) };
    const run = decodeRecord(over);
    expect(run).toMatchObject({ status: 'cancelled', final, steps: { '0': { settlement: chosen }, g1: { settlement: joined } } });
    expect(run).not.toHaveProperty('sweepAt');
  });

  it('of a step called like a part of Object is that step’s', () => {
    const { steps } = decodeRecord({ ...firstFields(head, 7), 'c:__proto__': 1, 'f:constructor': 2, 'z:toString': '3' });
    expect(Object.entries(steps)).toEqual([['__proto__', { claims: 1, failures: 0 }], ['constructor', { claims: 0, failures: 2 }], ['toString', { claims: 0, failures: 0, snoozes: 3 }]]);
    expect({}).not.toHaveProperty('claims');
  });

  it('tells of the last ten attempts that have ended, oldest first', () => {
    const ended = [1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 13];
    const entries = Object.fromEntries(ended.map((attempt) => [`g:${attempt}`, JSON.stringify({ at: attempt, ms: 0 })]));
    const { delivery } = decodeRecord({ ...firstFields(head, 7), dh: 'ab', da: 14, du: 99, dn: 5, ...entries });
    expect(delivery).toStrictEqual({ bodySha256: 'ab', attempts: 14, leaseUntil: 99, nextAt: 5, log: ended.slice(1).map((at) => ({ at, ms: 0 })) });
  });

  it('that is no record is refused', () => {
    expect(() => decodeRecord({ ...firstFields(head, 7), 'o:0': '{' })).toThrow(SyntaxError);
  });
});
