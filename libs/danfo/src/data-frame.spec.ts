import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { decodeFrame, encodeFrame, FrameBuilder } from '@millrace/frame';
import { beforeAll, describe, expect, it } from 'vitest';
import { fromDanfo, toDanfo } from './data-frame.js';
import { loadDanfo } from './load-danfo.js';

const expected = JSON.parse(readFileSync(new URL('../fixtures/golden.json', import.meta.url), 'utf8')) as Readonly<Record<string, unknown>>;

describe('DataFrames', () => {
  let found: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    const operations = new URL('../golden/operations.mjs', import.meta.url).href;
    const { golden } = (await import(operations)) as { golden: (dfd: unknown) => object };
    found = JSON.parse(JSON.stringify(golden(await loadDanfo()))) as typeof found;
  });

  it.each(Object.keys(expected))('do %s as a full install of danfojs-node does', (name) => {
    expect(found[name]).toEqual(expected[name]);
  });

  it('read nothing remote and no spreadsheets, and say so', async () => {
    const dfd = await loadDanfo();
    expect(() => dfd.readExcel('sheet.xlsx')).toThrow('spreadsheets are off');
    for (const read of [dfd.readCSV, dfd.readJSON]) await expect(read('https://example.com/x')).rejects.toThrow('remote reads are off');
  });

  it('say what to install for tensors', async () => {
    const { DataFrame } = await loadDanfo();
    expect(() => new DataFrame([[1, 2]]).add(1)).toThrow('install @tensorflow/tfjs');
  });

  it('are not loaded with the package', () => {
    const script = (use: string) => `import { createRequire } from 'node:module'; const danfo = await import('@millrace/danfo'); ${use}; console.log(Object.keys(createRequire('/').cache).some((file) => file.includes('danfojs')))`;
    const run = (use: string) => execFileSync(process.execPath, ['--input-type=module', '-e', script(use)], { cwd: new URL('../../../', import.meta.url), encoding: 'utf8' });
    expect(run('')).toBe('false\n');
    expect(run('await danfo.loadDanfo()')).toBe('true\n');
  });
});

describe('toDanfo and fromDanfo', () => {
  const frame = () => {
    const builder = new FrameBuilder({ id: 'text', amount: 'float64', count: 'int32' });
    builder.add({ id: 'a', amount: 1.25, count: 3 });
    builder.add({ id: 'b', amount: null, count: -1 });
    builder.add({ id: 'a', amount: -2, count: 0 });
    return builder.build();
  };

  it('give a DataFrame that can be worked with', async () => {
    const df = await toDanfo(frame());
    expect(df.columns).toEqual(['id', 'amount', 'count']);
    expect(df.dtypes).toEqual(['string', 'float32', 'int32']);
    expect(df.values).toEqual([['a', 1.25, 3], ['b', NaN, -1], ['a', -2, 0]]);
    expect(df.groupby(['id']).col(['count']).sum().values).toEqual([['a', 3], ['b', -1]]);
  });

  it('lead back to where they began', async () => {
    const back = fromDanfo(await toDanfo(frame()));
    expect(encodeFrame(back)).toEqual(encodeFrame(frame()));
    expect(decodeFrame(encodeFrame(back)).matrix(['count', 'amount'])).toEqual(Float32Array.of(3, 1.25, -1, NaN, 0, -2));
  });

  it('take what DataFrames make of rows', async () => {
    const { DataFrame } = await loadDanfo();
    const made = fromDanfo(new DataFrame([{ a: 1, b: 'x', c: true }, { a: 2.5, b: null, c: false }]));
    expect(made.number('a').values).toEqual(Float64Array.of(1, 2.5));
    expect(made.text('b')).toEqual({ kind: 'text', codes: Int32Array.of(0, -1), names: ['x'] });
    expect(made.number('c').values).toEqual(Int32Array.of(1, 0));
  });
});
