import { describe, expect, it } from 'vitest';
import { parseOnce } from './parse-once.js';

describe('parseOnce', () => {
  it('gives the same value for the same text', () => {
    expect(parseOnce('{"a":[1,{"b":2}]}')).toBe(parseOnce('{"a":[1,{"b":2}]}'));
    expect(parseOnce('{"a":1}')).toEqual({ a: 1 });
  });

  it('lets nobody change what others will see', () => {
    const value = parseOnce('{"deep":{"list":[1]}}') as { deep: { list: number[] } };
    expect(() => value.deep.list.push(2)).toThrow(TypeError);
    expect(() => Object.assign(value.deep, { more: 1 })).toThrow(TypeError);
  });

  it('goes on after it has seen very many texts', () => {
    for (let i = 0; i < 2_000; i++) expect(parseOnce(`[${i}]`)).toEqual([i]);
  });

  it('refuses what is not JSON', () => {
    expect(() => parseOnce('{')).toThrow(SyntaxError);
  });
});
