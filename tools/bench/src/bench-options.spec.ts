import { expect, it } from 'vitest';
import { benchOptions, usage } from './bench-options.js';

const parse = (line: string) => benchOptions(line.split(' ').filter(Boolean), '/home/me');

it('has a default for everything', () => {
  expect(parse('')).toEqual({ profile: 'aws', shape: 'bench', load: { loop: 'open', rate: 20, arrivals: 'poisson' }, duration: 30, warmup: 30, idle: 5 });
});

it('reads every flag, with files relative to where it was called', () => {
  expect(parse('--profile redis --shape orders --payload a.csv --outstanding 32 --duration 1.5 --warmup 0 --idle 0 --json out/report.json')).toEqual({
    profile: 'redis',
    shape: 'orders',
    payload: '/home/me/a.csv',
    load: { loop: 'closed', outstanding: 32 },
    duration: 1.5,
    warmup: 0,
    idle: 0,
    json: '/home/me/out/report.json',
  });
  expect(parse('--rate 0.5 --arrivals uniform')?.load).toEqual({ loop: 'open', rate: 0.5, arrivals: 'uniform' });
  expect(parse('--help')).toBeUndefined();
});

it.each([
  ['--rat 5', "Unknown option '--rat'"],
  ['extra', "Unexpected argument 'extra'"],
  ['--rate', "Option '--rate <value>' argument missing"],
  ['--rate x', '--rate x: not a number of 0 or more'],
  ['--rate 0', '--rate 0: has to be more than 0'],
  ['--duration -1', ''],
  ['--duration=-1', '--duration -1: not a number of 0 or more'],
  ['--outstanding 2.5', '--outstanding 2.5: not a whole number'],
  ['--rate 5 --outstanding 5', '--rate is for the open loop'],
  ['--profile gcp', '--profile gcp: choose aws or redis'],
])('refuses «%s» in one line, then the usage', (line, message) => {
  expect(() => parse(line)).toThrow(expect.objectContaining({ code: 'MILLRACE_BENCH_USAGE', message: expect.stringContaining(message) }));
  expect(() => parse(line)).toThrow(`\n\n${usage}`);
});
