import { MillraceError } from '@millrace/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chain, group, signature } from './builders.js';
import { compile } from './compiler.js';
import { canvasErrors } from './errors.js';
import { parseCanvas } from './json.js';
import type { Canvas } from './signature.js';
import { decoratedCanvas } from './test/decorated-canvas.js';

const a = { kind: 'task', task: 'a', args: [] };
const thrownBy = (data: unknown): unknown => {
  try {
    parseCanvas(data);
    return undefined;
  } catch (error) {
    return error;
  }
};

describe('parseCanvas', () => {
  it('takes every canvas as it was before it went through JSON', () => {
    fc.assert(
      fc.property(decoratedCanvas, (canvas) => {
        const json = JSON.stringify(canvas);
        const parsed = parseCanvas(JSON.parse(json));
        expect(JSON.stringify(parsed)).toBe(json);
      }),
      { numRuns: 300 },
    );
  });

  it.each<[place: string, wanted: string, data: unknown]>([
    ['$', 'a plain object, but is missing', undefined],
    ['$', 'a plain object, but is an array', [a]],
    ['$', 'a plain object, but is a string', JSON.stringify(a)],
    ['$.kind', 'one of task, chain, group, chord, each, chunks, branch, on-error, but is missing', {}],
    ['$.kind', 'one of', { kind: 'constructor' }],
    ['$.task', 'a string, but is missing', { kind: 'task', args: [] }],
    ['$.task', 'a string of 1 to 128 characters', { ...a, task: '' }],
    ['$.args', 'an array, but is an object', { ...a, args: {} }],
    ['$.args[1].x', 'something that JSON can carry, but is a bigint', { ...a, args: [1, { x: 1n }] }],
    ['$.args[0]', 'something that JSON can carry, but is Infinity', { ...a, args: [Infinity] }],
    ['$.args[0]', 'something that JSON can carry, but is an object', { ...a, args: [new Date(0)] }],
    ['$.immutable', 'true, or absent, but is a boolean', { ...a, immutable: false }],
    ['$.options.queue', 'a string, but is 1', { ...a, options: { queue: 1 } }],
    ['$.options.speed', 'absent; there may be queue,', { ...a, options: { speed: 1 } }],
    ['$.arguments', 'absent; there may be kind, task, args, immutable, options', { ...a, arguments: [] }],
    ['$.parts[1].parts[0].task', 'a string', { kind: 'chain', parts: [a, { kind: 'chain', parts: [{ ...a, task: null }] }] }],
    ['$.members', 'an array', { kind: 'group', members: a, policy: 'all' }],
    ['$.policy', 'a plain object, but is missing', { kind: 'group', members: [] }],
    ['$.policy', 'all, collect or {"quorum": n}, but is a string', { kind: 'group', members: [], policy: 'any' }],
    ['$.header.kind', 'group or chunks, but is a string', { kind: 'chord', header: a, body: a }],
    ['$.task.kind', 'task, but is a string', { kind: 'each', task: { kind: 'chain', parts: [] }, items: [] }],
    ['$.task.immutable', 'absent', { kind: 'each', task: { ...a, immutable: true }, items: [] }],
    ['$.items[1]', 'an array, but is 2', { kind: 'each', task: a, items: [[1], 2], spread: true }],
    ['$.items', 'an array, but is an object', { kind: 'each', task: a, items: { from: 0, to: 1 }, spread: true }],
    ['$.items.step', 'absent; there may be from, to', { kind: 'each', task: a, items: { from: 0, to: 1, step: 2 } }],
    ['$.cases["a b"].kind', 'one of', { kind: 'branch', by: a, cases: { 'a b': {} } }],
    ['$.cases', 'a plain object, but is an array', { kind: 'branch', by: a, cases: [a] }],
    ['$.otherwise', 'a plain object, but is null', { kind: 'branch', by: a, cases: {}, otherwise: null }],
    ['$.handler', 'a plain object, but is missing', { kind: 'on-error', body: a }],
  ])('says that %s must be %s', (place, wanted, data) => {
    expect(thrownBy(data)).toMatchObject({ code: 'MILLRACE_CANVAS_MALFORMED', message: expect.stringContaining(`${place} must be ${wanted}`), detail: { path: place } });
  });

  it.each<[place: string, data: unknown]>([
    ['$.policy.quorum', { kind: 'group', members: [a], policy: { quorum: 0 } }],
    ['$.deadlineMs', { kind: 'group', members: [a], policy: 'all', deadlineMs: -5 }],
    ['$.size', { kind: 'chunks', task: a, items: [1], size: 0, policy: 'all' }],
    ['$.skewMs', { kind: 'chunks', task: a, items: [1], size: 1, policy: 'all', skewMs: 0.5 }],
    ['$.items.to', { kind: 'each', task: a, items: { from: 3, to: 2 } }],
    ['$.by.options.maxAttempts', { kind: 'branch', by: { ...a, options: { maxAttempts: 0 } }, cases: {} }],
  ])('says that the number at %s is not one it can be', (place, data) => {
    expect(thrownBy(data)).toMatchObject({ code: 'MILLRACE_CANVAS_SIZE', detail: { path: place } });
  });

  it('takes what is nested as deep as can be run, and refuses what is deeper before it costs a stack', () => {
    const nested = (depth: number): Canvas => (depth === 0 ? signature('a', 1) : chain(nested(depth - 1)));
    expect(() => compile(parseCanvas(nested(200)))).not.toThrow();
    let deep: unknown = a;
    let args: unknown = [];
    for (let depth = 0; depth < 100_000; depth++) {
      deep = { kind: 'group', members: [deep], policy: 'all' };
      args = [args];
    }
    expect(thrownBy(deep)).toMatchObject({ code: 'MILLRACE_CANVAS_TOO_DEEP' });
    expect(thrownBy({ ...a, args: [args] })).toMatchObject({ code: 'MILLRACE_CANVAS_TOO_DEEP' });
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    expect(thrownBy({ ...a, args: cyclic })).toMatchObject({ code: 'MILLRACE_CANVAS_TOO_DEEP' });
  });

  it('refuses anything else with an error of the catalogue', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.jsonValue()), (data) => {
        const error = thrownBy(data);
        expect(MillraceError.is(error) && error.code in canvasErrors.catalogue).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses a canvas in which something was put where it does not belong', () => {
    fc.assert(
      fc.property(decoratedCanvas, fc.nat(), fc.constantFrom(null, 'x', -1.5, [], { kind: 'task' }), (canvas, at, junk) => {
        const spoilt = structuredClone(group([canvas]));
        const places = placesIn(spoilt.members);
        places[at % places.length]?.(junk);
        expect(thrownBy(spoilt)).toMatchObject({ code: expect.stringMatching(/^MILLRACE_CANVAS_(MALFORMED|SIZE)$/) });
      }),
      { numRuns: 500 },
    );
  });

  it('says nothing of the data in its messages, which go into logs', () => {
    const error = thrownBy({ kind: 'task', task: { password: 'secret' }, args: [] });
    expect(String(error)).not.toContain('secret');
  });
});

/** Every place in a canvas at which a canvas stands, as a function that puts something else there. */
function placesIn(value: unknown): Array<(junk: unknown) => void> {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): Array<(junk: unknown) => void> => {
    const isCanvas = typeof inner === 'object' && inner !== null && 'kind' in inner;
    const own = isCanvas ? [(junk: unknown) => void Reflect.set(value, key, junk)] : [];
    return key === 'args' || key === 'items' ? [] : [...own, ...placesIn(inner)];
  });
}
