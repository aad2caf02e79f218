import { gzipSync } from 'node:zlib';
import '@millrace/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Product } from './product.js';
import { prefixed } from './profiles.js';

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const line = (text: string): string => `1001,A1,${text},2,2026-03-02 09:00,1.50,7,France`;
const csv = (...texts: string[]): string => `${[header, ...texts.map(line)].join('\n')}\n`;
const good = csv('ONE');
const inLatin1 = Buffer.from(csv('ONE', 'THÉ'), 'latin1');

describe('files that cannot be read', () => {
  let product: Product;

  beforeAll(async () => {
    product = await Product.start({ name: 'redis', url: inject('redisUrl') }, { ...prefixed('hostile'), MILLRACE_DOMAINS: 'orders' });
  });

  afterAll(() => product.stop());

  const outcome = async (body: NonNullable<RequestInit['body']>, contentType = 'text/csv') => (await product.callback(await product.ingest(body, contentType))).event;

  it.each([
    ['Latin-1 that does not say so', inLatin1, 'text/csv', 'MILLRACE_ROWS_NOT_UTF8', 'the file is not UTF-8 at byte 137, in line 3; save it as UTF-8 or name its encoding in the content type'],
    ['UTF-8 that says it is ISO-8859-1', Buffer.from(csv('“ONE”')), 'text/csv; charset=iso-8859-1', 'MILLRACE_ROWS_ENCODING', 'the file is not iso-8859-1 at byte 91, in line 2; name its real encoding in the content type, or save it as UTF-8'],
    ['a NUL byte', csv('O\0NE'), 'text/csv', 'MILLRACE_ROWS_NUL', 'byte 91, in line 2, is NUL; send text, UTF-16 with a byte order mark'],
    ['a line of 1,000,000 columns', `${good}${','.repeat(1_000_000)}\n`, 'text/csv', 'MILLRACE_ROWS_TOO_LONG', 'the row that begins at line 3 is longer than 262144 bytes; look for a quote that is not closed'],
    ['a quote that is never closed', `${good}"1002,A1\n${'x\n'.repeat(200)}`, 'text/csv', 'MILLRACE_ROWS_MALFORMED', expect.stringMatching(/^a quote is in the wrong place, noticed at line \d+; quote the whole field and double the quotes in it$/)],
    ['JSON that breaks off', `[${JSON.stringify({ InvoiceNo: '1', StockCode: 'A', Quantity: 1, InvoiceDate: '2026-03-02 09:00', UnitPrice: 1 })}, {"InvoiceNo"`, 'application/x-ndjson', 'MILLRACE_DOMAIN_NONE', expect.stringContaining('fits none of the domains orders')],
  ])('are told of in the callback: %s', async (_, body, contentType, code, message) => {
    const event = await outcome(body, contentType);
    expect(event).toMatchObject({ type: 'ingestion.failed', data: { insights: {}, datasets: {} } });
    const failed = event.data.tasks.filter(({ status }) => status === 'failed');
    expect(failed).toMatchObject([{ attempts: 1, error: { code, retryable: false, message } }]);
  });

  it.each([
    ['a header of 1,000,000 columns', `${header}${',x'.repeat(1_000_000)}\n`, {}],
    ['a zip archive', Buffer.from('PK\x03\x04 and so on'), {}],
    ['a gzip bomb', gzipSync(Buffer.alloc(32 * 1024 * 1024, `${line('ONE')}\n`)), { 'content-encoding': 'gzip' }],
    ['gzip that ends too early', gzipSync(good).subarray(0, -10), { 'content-encoding': 'gzip' }],
  ])('are refused at the door, with a problem that says why: %s', async (_, body, headers) => {
    const response = await fetch(`${product.stack.apiUrl}/v1/ingestions`, { method: 'POST', body, headers: { 'content-type': 'text/csv', ...headers } });
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect((await response.json()) as object).toMatchObject({ detail: expect.stringMatching(/1,?000 columns|ZIP archive|100 times as long|not whole, valid gzip/) });
  });

  it('leave the services as they were: what can be read is read', async () => {
    const rows = [{ InvoiceNo: '1001', StockCode: 'A1', Quantity: '2', InvoiceDate: '2026-03-02 09:00', UnitPrice: '1.50' }, { InvoiceNo: '1002', StockCode: 'A1', Quantity: 'two', InvoiceDate: '2026-03-02 09:00', UnitPrice: 1.5 }];
    expect((await outcome(JSON.stringify({ rows }), 'application/json')).data.datasets['orders.dataset']).toMatchObject({ format: 'json', lines: 2, accepted: 1, rejected: { 'bad-quantity': 1 } });
    expect((await outcome(inLatin1, 'text/csv; charset=iso-8859-1')).data.datasets['orders.dataset']).toMatchObject({ accepted: 2 });
    expect((await outcome(Buffer.from(`\uFEFF${good}`, 'utf16le'))).data.datasets['orders.dataset']).toMatchObject({ accepted: 1 });
    const resident = /^process_resident_memory_bytes\S* (\d+)/m.exec(await product.metrics('dataset-generator'))?.[1];
    expect(Number(resident)).toBeLessThan(300 * 1024 * 1024);
  });
});
