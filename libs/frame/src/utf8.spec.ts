import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8Bytes } from './utf8.js';

const refusalAt = (byte: number, line = 1) => expect.objectContaining({ code: 'MILLRACE_ROWS_NOT_UTF8', retryable: false, detail: { byte, line } });

describe('utf8Bytes', () => {
  it('strips one byte order mark, at the beginning only', () => {
    expect(utf8Bytes(Buffer.from('\uFEFFa\uFEFF')).toString()).toBe('a\uFEFF');
    expect(utf8Bytes(new Uint8Array()).length).toBe(0);
  });

  it.each([
    ['Latin-1', [0x61, 0xe9, 0x62], 1],
    ['a lone continuation byte', [0x61, 0x62, 0x80], 2],
    ['a sequence cut short by the end', [0x61, 0xe2, 0x82], 1],
    ['an overlong slash', [0x2f, 0xc0, 0xaf], 1],
    ['a surrogate', [0x61, 0x61, 0xed, 0xa0, 0x80], 2],
    ['UTF-16', [0xff, 0xfe, 0x61, 0x00], 0],
    ['a code point beyond the last', [0x61, 0xf4, 0x90, 0x80, 0x80], 1],
  ])('refuses %s and says where', (_, bytes, offset) => {
    expect(() => utf8Bytes(Uint8Array.from(bytes))).toThrow(refusalAt(offset));
  });

  it('refuses NUL and says where', () => {
    expect(() => utf8Bytes(Buffer.from('a\nb\0'))).toThrow(expect.objectContaining({ code: 'MILLRACE_ROWS_NUL', retryable: false, detail: { byte: 3, line: 2 } }));
  });

  it('finds the first wrong byte between any two texts', () => {
    const text = fc.string({ unit: fc.oneof(fc.constant('\n'), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })), maxLength: 200 }).map((any) => any.replaceAll('\0', ''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const prefix = Buffer.from(before);
        expect(() => utf8Bytes(Buffer.concat([prefix, Buffer.from([0xff]), Buffer.from(after)]))).toThrow(refusalAt(prefix.length, before.split('\n').length));
      }),
    );
  });
});
