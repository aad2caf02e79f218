import { expect, it } from 'vitest';
import { factsOf } from './source-facts.js';

const facts = (source: string) => factsOf('x.ts', source).map(({ kind, what, line }) => `${line} ${kind} ${what}`);

it('finds every way of importing', () => {
  const source = `import a from 'a';
import type { B } from 'b';
import 'c';
export { d } from 'd';
export type * from 'e';
const f = await import('f');
type G = import('g').G;
const h = require('h');
import i = require('i');
const computed = await import(f);`;
  expect(facts(source)).toEqual(['1 import a', '2 import b', '3 import c', '4 import d', '5 import e', '6 import f', '7 import g', '8 import h', '9 import i']);
});

it('finds reads of time, randomness and the environment', () => {
  const source = `Date.now(); new Date(); Math.random(); performance.now();
setTimeout(() => {}, 1); globalThis.setInterval(() => {}, 1);
const { PATH } = process.env;
const now = Date['now'];`;
  expect(facts(source)).toEqual([
    '1 time Date.now',
    '1 time new Date()',
    '1 time Math.random',
    '1 time performance.now',
    '2 time setTimeout',
    '2 time setInterval',
    '3 environment process.env',
    '4 time Date.now',
  ]);
});

it('leaves alone what only looks like it', () => {
  const source = `// import 'x'; Date.now()
const text = "import 'y'; process.env";
new Date(0); Date.parse(text); socket.setTimeout(5); clock.now(); this.process.env; Math.max(1, 2);
const record = { setTimeout: 1, from: 'z' };`;
  expect(facts(source)).toEqual([]);
});

it('refuses a file that does not parse', () => {
  expect(() => factsOf('x.ts', 'import { from')).toThrow(/^x\.ts: /);
});
