import { describe, expect, it } from 'vitest';
import { RunMemory } from './run-memory.js';

describe('RunMemory', () => {
  it('gives the same value for the same text of a field, and a new one for a new text', () => {
    const memory = new RunMemory();
    const first = memory.of('run a')('o:0', '{"a":[1,{"b":2}]}');
    expect(first).toEqual({ a: [1, { b: 2 }] });
    expect(memory.of('run a')('o:0', '{"a":[1,{"b":2}]}')).toBe(first);
    expect(memory.of('run a')('o:0', '{"a":3}')).toEqual({ a: 3 });
    expect(memory.of('run a')('o:0', '{"a":3}')).toEqual({ a: 3 });
  });

  it('keeps runs and fields apart', () => {
    const memory = new RunMemory();
    memory.of('run a')('o:0', '1');
    expect(memory.of('run b')('o:0', '2')).toBe(2);
    expect(memory.of('run a')('o:1', '3')).toBe(3);
    expect(memory.of('run a')('o:0', '1')).toBe(1);
  });

  it('lets nobody change what others will see', () => {
    const value = new RunMemory().of('run')('o:0', '{"deep":{"list":[1]}}') as { deep: { list: number[] } };
    expect(() => value.deep.list.push(2)).toThrow(TypeError);
    expect(() => Object.assign(value.deep, { more: 1 })).toThrow(TypeError);
  });

  it('forgets the oldest of very many runs, and reads it anew', () => {
    const memory = new RunMemory();
    const first = memory.of('run 0')('o:0', '[0]');
    for (let i = 1; i < 1_000; i++) expect(memory.of(`run ${i}`)('o:0', `[${i}]`)).toEqual([i]);
    expect(memory.of('run 0')('o:0', '[0]')).toEqual(first);
    expect(memory.of('run 0')('o:0', '[0]')).not.toBe(first);
  });

  it('refuses what is not JSON', () => {
    expect(() => new RunMemory().of('run')('o:0', '{')).toThrow(SyntaxError);
  });
});
