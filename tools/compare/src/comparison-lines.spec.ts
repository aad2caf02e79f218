import { expect, it } from 'vitest';
import { comparisonLines } from './comparison-lines.js';

const measures = [
  { figure: 'perSecond', title: 'pipelines a second' },
  { figure: 'cpuMs', title: 'CPU ms' },
];

it('tells the medians of every system and the ratios to the reference, with their spread', () => {
  const summary = {
    load: '32 outstanding',
    medians: { millrace: { perSecond: 1346.4, cpuMs: 1.2249 }, celery: { perSecond: 60.62, cpuMs: 30.3 } },
    ratios: { celery: { perSecond: { median: 0.045, least: 0.04, most: 0.05 }, cpuMs: { median: 24.87, least: 24.1, most: 26 } } },
  };
  expect(comparisonLines([summary], measures, 'millrace')).toEqual([
    '',
    '32 outstanding      Millrace  Celery      Millrace : Celery',
    'pipelines a second      1346    60.6  1 : 0.045 (0.04–0.05)',
    'CPU ms                  1.22    30.3     1 : 24.9 (24.1–26)',
  ]);
});

it('tells no spread of a single round, and a dash for what is not known', () => {
  const summary = {
    load: 'chain',
    medians: { millrace: { cpuMs: 2 }, bullmq: { cpuMs: 5, perSecond: Number.NaN } },
    ratios: { bullmq: { cpuMs: { median: 2.5, least: 2.5, most: 2.5 } } },
  };
  expect(comparisonLines([summary], measures, 'millrace')).toEqual([
    '',
    'chain               Millrace  BullMQ  Millrace : BullMQ',
    'pipelines a second         –       –                  –',
    'CPU ms                     2       5            1 : 2.5',
  ]);
});

it('tells one system alone, without ratios', () => {
  expect(comparisonLines([{ load: 'chain', medians: { celery: { cpuMs: 5 } }, ratios: {} }], measures.slice(1), 'celery')).toEqual(['', 'chain   Celery', 'CPU ms       5']);
});
