import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonFault, type JsonLimits, JsonScanner } from './json-scanner.js';

const wide: JsonLimits = { depth: 32, tokens: 50_000 };

/** The fault in a text given in chunks of `size` bytes. */
function faultIn(text: string | Uint8Array, limits = wide, size = 7): JsonFault | undefined {
  const bytes = Buffer.from(text as string);
  const scanner = new JsonScanner(limits);
  try {
    for (let i = 0; i < bytes.length; i += size) scanner.write(bytes.subarray(i, i + size));
    scanner.end();
    return undefined;
  } catch (err) {
    if (err instanceof JsonFault) return err;
    throw err;
  }
}

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** What JSON.parse has nothing against. */
const isOurOwn = (fault: JsonFault | undefined): boolean => fault?.code === 'duplicate-key' || fault?.code === 'number';

describe('a JSON scanner', () => {
  it('lets every value pass that JSON.stringify writes, wherever it is cut', () => {
    const spaces = fc.constantFrom(undefined, 1, '\t');
    const json = fc.jsonValue({ maxDepth: 6 }).filter((value) => !JSON.stringify(value).includes('__proto__'));
    fc.assert(fc.property(json, spaces, fc.integer({ min: 1, max: 20 }), (value, space, size) => {
      expect(faultIn(JSON.stringify(value, null, space), wide, size)).toBeUndefined();
    }));
  });

  it('refuses what JSON.parse refuses, and lets pass what it takes', () => {
    const pieces = ['{', '}', '[', ']', ',', ':', '"a"', '"b\\u00e9"', '1', '-0.5e3', '01', '+1', '.5', '1.', 'true', 'nul', ' ', '\n', '"', '\\', '"\\x"', "'", '\u0001'];
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 3 }), (text, size) => {
        const fault = faultIn(text, wide, size);
        expect(fault === undefined || isOurOwn(fault)).toBe(parses(text) || isOurOwn(fault));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['[1,]', '/1', 'syntax'],
    ['{"a":[{"b":nul}]}', '/a/0/b', 'syntax'],
    ['{"a":1,"b":{"c":1,"c":2}}', '/b/c', 'duplicate-key'],
    ['{"a":1,"\\u0061":2}', '/a', 'duplicate-key'],
    ['{"x":{"__proto__":{}}}', '/x/__proto__', 'forbidden-key'],
    ['{"\\u005f_proto__":{}}', '/__proto__', 'forbidden-key'],
    ['{"constructor":{"prototype":{}}}', '/constructor/prototype', 'forbidden-key'],
    ['[0,1e400]', '/1', 'number'],
    [`[${'9'.repeat(101)}]`, '/0', 'number'],
    ['["\\ud800"]', '/0', 'encoding'],
    ['["\\ud800x"]', '/0', 'encoding'],
    ['["\\ud800\\n"]', '/0', 'encoding'],
    ['["\\udc00"]', '/0', 'encoding'],
    [`[${'['.repeat(32)}`, '/0'.repeat(32), 'depth'],
    ['{"a~b":{"c/d":?}}', '/a~0b/c~1d', 'syntax'],
    ['[1', '/0', 'syntax'],
    ['', '', 'syntax'],
    [`{"${'k'.repeat(1_100)}":1}`, '', 'syntax'],
  ])('says of %j that it goes wrong at %j, by %s', (text, pointer, code) => {
    expect(faultIn(text)).toMatchObject({ pointer, code });
  });

  it('takes what merely resembles these', () => {
    for (const text of ['{"constructor":{"a":1},"prototype":1}', '[{"a":1},{"a":1}]', '["\\ud83d\\ude00"]', '\ufeff{"a":1}', `${'['.repeat(32)}${']'.repeat(32)}`, '1e308', '"__proto__"']) {
      expect(faultIn(text)).toBeUndefined();
    }
  });

  it('refuses bytes that are not UTF-8, also when a character is cut off', () => {
    expect(faultIn(Buffer.from([0x22, 0xff, 0x22]))).toMatchObject({ code: 'encoding' });
    expect(faultIn(Buffer.from([0x22, 0xc3]))).toMatchObject({ code: 'encoding' });
    expect(faultIn('"é"', wide, 1)).toBeUndefined();
  });

  it('counts keys and values', () => {
    expect(faultIn('{"a":[1,2]}', { depth: 32, tokens: 5 })).toBeUndefined();
    expect(faultIn('{"a":[1,2]}', { depth: 32, tokens: 4 })).toMatchObject({ code: 'tokens', pointer: '/a/1' });
  });

  it('gives up on a bomb before it has come', () => {
    const scanner = new JsonScanner(wide);
    expect(() => scanner.write(Buffer.alloc(64 * 1024, '['))).toThrow(/32 deep/);
  });
});
