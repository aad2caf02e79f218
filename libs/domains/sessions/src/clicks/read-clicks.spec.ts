import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDataset, encodeDataset } from '../dataset/session-dataset.js';
import { readSessions } from '../test/read-sessions.js';
import { clickCells, clickExport, type ClickRow, clicksInOrder } from '../test/rows.js';

const read = (bytes: Uint8Array) => readSessions(bytes, 'text/csv');
const rejectedOf = (...rows: readonly ClickRow[]) => read(clickExport({}, ...rows)).then(({ report }) => report['rejected']);

describe('reading click events', () => {
  it('keeps clicks as columns, by session and in order, whatever the order of the rows', async () => {
    const { dataset } = await read(
      clickExport({ order: '2', 'page 2 (clothing model)': 'C3', 'page 1 (main category)': '3', price: '38.5', page: '2' }, { 'session ID': '9', day: '2', country: '9', 'price 2': '1' }, { location: '6' }),
    );
    expect(dataset.clicks).toEqual({
      models: ['C3', 'A1'],
      sessions: { id: ['7', '9'], day: [20_697, 20_698], country: [29, 9], start: [0, 2, 3] },
      clicks: {
        order: [1, 2, 1],
        category: [1, 3, 1],
        model: [1, 0, 1],
        location: [6, 2, 2],
        photography: [1, 1, 1],
        price: [50, 38.5, 50],
        dear: [0, 0, 1],
        page: [1, 2, 1],
      },
    });
    expect(decodeDataset(encodeDataset(dataset))).toEqual(dataset);
  });

  it.each([
    ['missing-session', { 'session ID': ' ' }],
    ['bad-order', { order: '0' }],
    ['bad-order', { order: '1.5' }],
    ['bad-date', { month: '2', day: '30' }],
    ['bad-date', { year: '' }],
    ['bad-country', { country: '48' }],
    ['bad-category', { 'page 1 (main category)': '5' }],
    ['missing-model', { 'page 2 (clothing model)': '' }],
    ['bad-location', { location: '7' }],
    ['bad-photography', { 'model photography': 'en face' }],
    ['bad-price', { price: '0' }],
    ['bad-price', { price: '38,5' }],
    ['bad-price-2', { 'price 2': '3' }],
    ['bad-page', { page: '6' }],
    ['mixed-days', { order: '2', day: '2' }],
    ['mixed-countries', { order: '2', country: '9' }],
    ['duplicate', {}],
    ['repeated-order', { price: '51' }],
  ])('rejects a click as %s: %j', async (reason, cells) => {
    expect(await rejectedOf(cells)).toEqual({ [reason]: 1 });
  });

  it('ignores columns that it does not need', async () => {
    expect(await rejectedOf({ order: '2', colour: 'mauve' })).toEqual({});
  });

  it('counts products in several categories and sessions with missing clicks', async () => {
    const { report } = await read(
      clickExport(...clicksInOrder('7', {}, { 'page 1 (main category)': '2' }), { 'session ID': '8', order: '2', day: '30' }, { 'session ID': '9', order: '1' }, { 'session ID': '9', order: '3' }),
    );
    expect(report).toEqual({
      format: 'csv',
      separator: ';',
      kind: 'clicks',
      rows: 5,
      sessions: 3,
      models: 1,
      modelsInSeveralCategories: 1,
      sessionsWithGaps: 2,
      countries: 1,
      firstDay: '2026-09-01',
      lastDay: '2026-09-30',
      accepted: 5,
      rejected: {},
      examples: {},
    });
  });

  it('reads the same dataset from commas and from NDJSON', async () => {
    const rows = clicksInOrder('7', {}, { price: '38.5' }, { 'page 1 (main category)': '4' });
    const { dataset } = await read(clickExport(...rows));
    const commas = Buffer.from(Buffer.from(clickExport(...rows)).toString().replaceAll(';', ','));
    const ndjson = rows.map((row) => JSON.stringify({ ...clickCells, ...row, price: Number(row.price ?? clickCells.price) })).join('\n');
    expect((await read(commas)).dataset).toEqual(dataset);
    expect((await readSessions(Buffer.from(ndjson), 'application/x-ndjson')).dataset).toEqual(dataset);
  });

  it('keeps commas and quoted semicolons of a cell as they are', async () => {
    const { dataset } = await read(clickExport({ 'page 2 (clothing model)': '"A;1, ""x"""', 'session ID': 'a,b' }));
    expect(dataset.clicks).toMatchObject({ models: ['A;1, "x"'], sessions: { id: ['a,b'] } });
  });

  it('makes the same sessions of the rows in any order', async () => {
    const rows = [...clicksInOrder('1', {}, {}, {}), ...clicksInOrder('2', {}, {})];
    const sizes = async (given: typeof rows) => {
      const { clicks } = (await read(clickExport(...given))).dataset;
      return Object.fromEntries((clicks?.sessions.id ?? []).map((id, at) => [id, clicks?.clicks.order.slice(clicks.sessions.start[at], clicks.sessions.start[at + 1])]));
    };
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(rows, { minLength: rows.length }), async (shuffled) => {
        expect(await sizes(shuffled)).toEqual({ 1: [1, 2, 3], 2: [1, 2] });
      }),
    );
  });
});
