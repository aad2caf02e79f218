import { expect, it } from 'vitest';
import { compareOptions, usage } from './compare-options.js';

const parse = (line: string) => compareOptions(line.split(' ').filter(Boolean), '/home/me');

it('has a default for everything but what to compare', () => {
  expect(parse('pipelines')).toEqual({ kind: 'pipelines', rounds: 3, duration: 10, warmup: 5, systems: ['millrace', 'bullmq', 'celery'] });
  expect(parse('canvas')).toEqual({ kind: 'canvas', rounds: 3, duration: 5, warmup: 2, systems: ['millrace', 'bullmq'] });
});

it('reads every flag, with files relative to where it was called', () => {
  expect(parse('pipelines --rounds 5 --duration 1.5 --warmup 0 --systems celery,bullmq --json out/report.json')).toEqual({
    kind: 'pipelines',
    rounds: 5,
    duration: 1.5,
    warmup: 0,
    systems: ['celery', 'bullmq'],
    json: '/home/me/out/report.json',
  });
  expect(parse('--help')).toBeUndefined();
});

it('takes a system once, in the order given', () => {
  expect(parse('canvas --systems bullmq,millrace,bullmq')?.systems).toEqual(['bullmq', 'millrace']);
});

it.each([
  ['', 'nothing: choose pipelines or canvas'],
  ['speed', 'speed: choose pipelines or canvas'],
  ['pipelines canvas', 'canvas: one comparison at a time'],
  ['pipelines --round 3', "Unknown option '--round'"],
  ['pipelines --rounds 2.5', '--rounds 2.5: not a whole number'],
  ['pipelines --rounds 0', '--rounds 0: has to be more than 0'],
  ['pipelines --duration x', '--duration x: not a number of 0 or more'],
  ['pipelines --warmup -1', "Option '--warmup' argument is ambiguous"],
  ['canvas --systems celery', '--systems celery: choose from millrace, bullmq'],
  ['canvas --systems millrace,', '--systems : choose from millrace, bullmq'],
])('says what is wrong with «%s»', (line, problem) => {
  const error = expect.objectContaining({ code: 'MILLRACE_COMPARE_USAGE', message: expect.stringContaining(problem) });
  expect(() => parse(line)).toThrow(error);
  expect(() => parse(line)).toThrow(expect.objectContaining({ message: expect.stringContaining(usage) }));
});
