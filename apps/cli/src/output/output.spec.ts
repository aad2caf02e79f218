import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { bar } from './bar.js';
import { Output } from './output.js';
import { tableLines } from './table.js';
import { bytes, count, duration, moment } from './words.js';

/** An output, and what it has written. */
function captured(json: boolean): { readonly out: Output; readonly text: () => string } {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const out = new Output({ stdout: stdout as never, stderr: stderr as never }, json);
  return { out, text: () => String(stdout.read() ?? '') };
}

describe('what a command says', () => {
  it('is one JSON document for programs, and lines for people', () => {
    const [json, lines] = [captured(true), captured(false)];
    for (const { out } of [json, lines]) out.show({ a: [1] }, () => ['one', 'two']);
    expect(JSON.parse(json.text())).toEqual({ a: [1] });
    expect(lines.text()).toBe('one\ntwo\n');
  });

  it('is a line of JSON for each of many things', () => {
    const { out, text } = captured(true);
    for (const n of [1, 2]) out.stream({ n }, () => 'x');
    expect(text()).toBe('{"n":1}\n{"n":2}\n');
  });

  it('has no colours where nobody looks on', () => {
    const { out, text } = captured(false);
    out.show({}, () => [out.colour('red', 'plain')]);
    expect(text()).toBe('plain\n');
  });
});

describe('a table', () => {
  it('lines its columns up, numbers to the right, colours or not', () => {
    const columns = [{ title: 'NAME' }, { title: 'N', align: 'right' }] as const;
    expect(tableLines(columns, [['a', '7'], ['\u001B[32mlong name\u001B[39m', '1234']])).toEqual(['NAME          N', 'a             7', '\u001B[32mlong name\u001B[39m  1234']);
  });
});

describe('words', () => {
  it.each([[0, '0 ms'], [999, '999 ms'], [1_000, '1.0 s'], [59_900, '59.9 s'], [60_000, '1 min'], [3_600_000, '1.0 h'], [172_800_000, '2 d']])('%d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('has sizes, times and counts', () => {
    expect([bytes(1), bytes(71 * 1024), bytes(142 * 1024 * 1024)]).toEqual(['1 kB', '71 kB', '142 MB']);
    expect(moment(Date.UTC(2026, 2, 29, 1, 0, 0))).toBe('2026-03-29 01:00:00');
    expect([count(0, 'worker'), count(1, 'worker'), count(2, 'worker')]).toEqual(['0 workers', '1 worker', '2 workers']);
  });

  it('has a bar that is full at the end and empty at the beginning', () => {
    expect([bar(0, 0), bar(0, 4), bar(2, 4), bar(4, 4)]).toEqual(['░'.repeat(24), '░'.repeat(24), '█'.repeat(12) + '░'.repeat(12), '█'.repeat(24)]);
  });
});
