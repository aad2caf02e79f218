import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MemoryArtifacts, memoryContext, resultOf } from '@millrace/domain-testing';
import { ManualClock } from '@millrace/kernel';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { httpAnalysis } from './http-analysis.js';
import { InferenceModel } from './inference-model.js';
import { JsonModel } from './json-model.js';
import { decodeTensor, encodeTensor, matrixTensor, type Tensor } from './tensor.js';

/** What the protocol's document calls $inference_request: a server that follows it takes nothing else. */
const parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const dimension = z.int().nonnegative();
const requestInput = z.strictObject({ name: z.string(), shape: z.array(dimension), datatype: z.string(), parameters: parameters.optional(), data: z.array(z.unknown()) });
const inferenceRequest = z.strictObject({
  id: z.string().optional(),
  parameters: parameters.optional(),
  inputs: z.array(requestInput),
  outputs: z.array(z.strictObject({ name: z.string(), parameters: parameters.optional() })).optional(),
});

/** The examples of the document, but for `"data": [true]` of a tensor of shape [3], which is a slip, and the id. */
const askedInTheDocument = {
  inputs: [
    { name: 'input0', shape: [2, 2], datatype: 'UINT32', data: [1, 2, 3, 4] },
    { name: 'input1', shape: [3], datatype: 'BOOL', data: [true, false, true] },
  ],
  outputs: [{ name: 'output0' }],
};
const answeredInTheDocument = { id: '42', outputs: [{ name: 'output0', shape: [3, 2], datatype: 'FP32', data: [1.0, 1.1, 2.0, 2.1, 3.0, 3.1] }] };

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

let asked: Asked[];
let respond: (response: ServerResponse, asked: Asked) => void;
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
    const text = Buffer.concat(chunks).toString();
    const what = { method: request.method, url: request.url, headers: request.headers, body: text === '' ? undefined : JSON.parse(text) };
    asked.push(what);
    respond(response, what);
  });
});
const closing: Array<() => Promise<void>> = [];
let url: string;

const json = (body: unknown, status = 200, headers = {}) => (response: ServerResponse) => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
const bounds = { signal: new AbortController().signal, timeLeftMs: () => 10_000 };
const { data: floats } = { data: Float32Array.of(1, 2, 3, 4) };

function model(more: object = {}): InferenceModel {
  const made = new InferenceModel({ url, model: 'mymodel', ...more });
  closing.push(() => made.close());
  return made;
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  asked = [];
  respond = json(answeredInTheDocument);
});

afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
  server.closeAllConnections();
  server.close();
});

describe('a model behind the Open Inference Protocol', () => {
  const inputs: readonly Tensor[] = [
    { name: 'input0', shape: [2, 2], datatype: 'UINT32', data: Uint32Array.of(1, 2, 3, 4) },
    { name: 'input1', shape: [3], datatype: 'BOOL', data: [true, false, true] },
  ];

  it('is asked, and answers, as the protocol’s document shows', async () => {
    const { model: name, outputs } = await model().ask(bounds, { inputs, outputs: ['output0'] });
    expect(asked).toMatchObject([{ method: 'POST', url: '/v2/models/mymodel/infer', headers: { 'content-type': 'application/json' } }]);
    expect(asked[0]?.body).toEqual(askedInTheDocument);
    expect(inferenceRequest.safeParse(asked[0]?.body).success).toBe(true);
    expect(outputs.get('output0')).toEqual({ name: 'output0', shape: [3, 2], datatype: 'FP32', data: [1.0, 1.1, 2.0, 2.1, 3.0, 3.1] });
    expect(name).toBe('mymodel');
  });

  it('is asked by version, under a path of the server, with headers of its own', async () => {
    respond = json({ ...answeredInTheDocument, model_name: 'other', model_version: '7' });
    const answer = await model({ url: `${url}/models/?tenant=x`, version: 'v 10', headers: { authorization: 'Bearer t' } }).ask(bounds, { inputs: [] });
    expect(asked[0]).toMatchObject({ url: '/models/v2/models/mymodel/versions/v%2010/infer?tenant=x', headers: { authorization: 'Bearer t' } });
    expect(answer.model).toBe('other@7');
  });

  it.each([
    ['says so', json({ name: 'mymodel', ready: true }), true],
    ['says so with the status alone', (response: ServerResponse) => void response.end(), true],
    ['says that it is not', json({ name: 'mymodel', ready: false }), false],
    ['does not know the model', json({ error: 'unknown model' }, 400), false],
    ['is starting', json('', 503), false],
  ])('is ready or not when the server %s', async (_, answer, ready) => {
    respond = answer;
    expect(await model({ version: '3' }).isReady(bounds)).toBe(ready);
    expect(asked[0]).toMatchObject({ method: 'GET', url: '/v2/models/mymodel/versions/3/ready' });
  });

  it('takes nested data, which the protocol allows', async () => {
    respond = json({ outputs: [{ name: 'o', shape: [2, 2], datatype: 'INT64', data: [[1, 2], [3, 4]] }] });
    expect((await model().ask(bounds, { inputs: [] })).outputs.get('o')?.data).toEqual([1, 2, 3, 4]);
  });

  it.each([
    ['an output that was asked for is missing', { outputs: [] }, /no output "output0"/],
    ['there are no outputs', { result: 1 }, /has no outputs/],
    ['an output is no tensor', { outputs: [{ name: 'output0', data: [1] }] }, /is no tensor/],
    ['the values do not fill the shape', { outputs: [{ name: 'output0', shape: [2], datatype: 'FP32', data: [1] }] }, /has 1 values, but its shape 2 needs 2/],
    ['a value is of another type', { outputs: [{ name: 'output0', shape: [2], datatype: 'FP32', data: [1, null] }] }, /value 1 is not of the type FP32/],
    ['a number is too large to be exact', { outputs: [{ name: 'output0', shape: [1], datatype: 'INT64', data: [2 ** 60] }] }, /value 0 is not of the type INT64/],
    ['it is no JSON', '<html>', /is no JSON/],
  ])('is refused an answer when %s', async (_, body, message) => {
    respond = json(body);
    await expect(model().ask(bounds, { inputs, outputs: ['output0'] })).rejects.toMatchObject({ code: 'MILLRACE_ANALYST_ANSWER', retryable: false, message: expect.stringMatching(message) });
  });

  it('is refused an answer that is too long, before all of it is there', async () => {
    respond = (response) => {
      response.writeHead(200);
      const more = (): void => void (response.destroyed || (response.write('x'.repeat(65_536)), setImmediate(more)));
      more();
    };
    await expect(model({ maxAnswerBytes: 100_000 }).ask(bounds, { inputs })).rejects.toMatchObject({ code: 'MILLRACE_ANALYST_ANSWER', message: expect.stringContaining('longer than 100000 bytes') });
  });

  it('is asked nothing with tensors that are none', async () => {
    const ask = (tensor: Tensor) => model().ask(bounds, { inputs: [tensor] });
    const refusal = (message: string) => ({ code: 'MILLRACE_ANALYST_TENSOR', retryable: false, message });
    await expect(ask({ name: 'x', datatype: 'FP32', shape: [2, 3], data: floats })).rejects.toMatchObject(refusal('tensor "x": it has 4 values, but its shape 2 × 3 needs 6'));
    await expect(ask(matrixTensor('x', Float32Array.of(1, NaN), 1))).rejects.toMatchObject(refusal('tensor "x": its value 1 is not of the type FP32'));
    await expect(ask(matrixTensor('x', floats, 3))).rejects.toMatchObject(refusal('tensor "x": its shape 1.3333333333333333 × 3 is none'));
    await expect(ask({ name: 'x', datatype: 'UINT8', shape: [1], data: [256] })).rejects.toMatchObject(refusal('tensor "x": its value 0 is not of the type UINT8'));
    expect(asked).toEqual([]);
  });

  it('carries every tensor as it is', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
    const values = { BOOL: fc.boolean(), INT8: fc.integer({ min: -128, max: 127 }), INT64: fc.maxSafeInteger(), FP64: fc.double({ noNaN: true, noDefaultInfinity: true }), BYTES: fc.string() };
    const anyTensor = fc.tuple(fc.constantFrom(...(Object.keys(values) as Array<keyof typeof values>)), sizes).chain(([datatype, shape]) => {
      const length = shape.reduce((a, b) => a * b, 1);
      return fc.array<boolean | number | string>(values[datatype] as fc.Arbitrary<boolean | number | string>, { minLength: length, maxLength: length }).map((data): Tensor => ({ name: 't', datatype, shape, data }));
    });
    fc.assert(
      fc.property(anyTensor, (tensor) => {
        expect(decodeTensor(JSON.parse(JSON.stringify(encodeTensor(tensor))))).toEqual(JSON.parse(JSON.stringify(tensor)));
      }),
    );
  });
});

describe('a service that does not answer as hoped', () => {
  const ask = (more: object = {}, at: Partial<typeof bounds> = {}) => model(more).ask({ ...bounds, ...at }, { inputs: [] });

  it.each([408, 425, 429, 500, 502, 503, 504])('may pass when it says %i, and says when to come again', async (status) => {
    respond = json({ error: 'queue is full\nnow' }, status, { 'retry-after': '3' });
    await expect(ask()).rejects.toMatchObject({ code: 'MILLRACE_ANALYST_UNAVAILABLE', retryable: true, detail: { status, retryAfterMs: 3_000 }, message: expect.stringMatching(new RegExp(`answered ${status}: queue is full`)) });
  });

  it('says when to come again by a date, too', async () => {
    const clock = new ManualClock();
    respond = json({ error: 'busy' }, 503, { 'retry-after': new Date(clock.now() + 5_000).toUTCString() });
    await expect(ask({ clock })).rejects.toMatchObject({ detail: { retryAfterMs: 5_000 } });
    respond = json({ error: 'busy' }, 503, { 'retry-after': 'soon' });
    await expect(ask({ clock })).rejects.toMatchObject({ detail: { status: 503 } });
  });

  it.each([400, 401, 404, 422])('is final when it says %i', async (status) => {
    respond = json({ error: 'unexpected shape for input0' }, status);
    await expect(ask()).rejects.toMatchObject({ code: 'MILLRACE_ANALYST_REFUSED', retryable: false, detail: { status }, message: expect.stringContaining(`answered ${status}: unexpected shape for input0`) });
  });

  it('is not followed elsewhere', async () => {
    respond = json('', 307, { location: `${url}/elsewhere` });
    await expect(ask()).rejects.toMatchObject({ code: 'MILLRACE_ANALYST_REFUSED', detail: { status: 307 } });
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['its limit', { limitMs: 2_000 }, 9_000, 2_000],
    ['the time that the task has left', { limitMs: 2_000 }, 700, 700],
  ])('is given up after %s, also in the middle of an answer', async (_, options, left, ms) => {
    const clock = new ManualClock();
    const begun = new Promise<void>((resolve) => {
      respond = (response) => void response.writeHead(200).write('{', () => resolve());
    });
    const refused = ask({ ...options, clock }, { timeLeftMs: () => left }).catch((err: unknown) => err);
    await begun;
    await clock.advance(ms);
    expect(await refused).toMatchObject({ code: 'MILLRACE_ANALYST_UNAVAILABLE', retryable: true, message: expect.stringContaining(`did not answer in ${ms} ms`) });
  });

  it('is given up when the task is, with the task’s reason', async () => {
    const given = new AbortController();
    respond = () => given.abort(new RangeError('the run was cancelled'));
    await expect(ask({}, { signal: given.signal })).rejects.toThrow('the run was cancelled');
  });

  it('may pass when it cannot be reached, or breaks off', async () => {
    await expect(ask({ url: 'http://127.0.0.1:9' })).rejects.toMatchObject({ code: 'MILLRACE_ANALYST_UNAVAILABLE', retryable: true, message: expect.stringMatching(/127\.0\.0\.1:9 cannot be reached/) });
    respond = (response) => void response.writeHead(200, { 'content-length': '100' }).write('{', () => response.destroy());
    await expect(ask()).rejects.toMatchObject({ code: 'MILLRACE_ANALYST_UNAVAILABLE', retryable: true });
  });
});

describe('an analysis that asks a model elsewhere', () => {
  async function run(analysis: ReturnType<typeof httpAnalysis>, dataset: string) {
    const artifacts = new MemoryArtifacts();
    const ref = await artifacts.write('dataset', Buffer.from(dataset), 'application/json');
    const models = { get: () => expect.unreachable() };
    return resultOf(await analysis.handler(memoryContext(artifacts, ref, models), ref));
  }

  it('turns a dataset into a request and the answer into an insight', async () => {
    respond = json({ model_name: 'risk', model_version: '3', outputs: [{ name: 'scores', shape: [2], datatype: 'FP32', data: [0.25, 0.75] }] });
    const analysis = httpAnalysis({
      name: 'churn.risk',
      model: model({ model: 'risk' }),
      request: (dataset) => ({ inputs: [matrixTensor('rows', Float32Array.from(JSON.parse(dataset.toString()) as number[]), 2)] }),
      insight: (answer) => ({ model: answer?.model ?? 'none', highest: Math.max(...Array.from(answer?.outputs.get('scores')?.data ?? [], Number)) }),
      policy: { maxAttempts: 2 },
    });
    expect(await run(analysis, '[1,2,3,4]')).toEqual({ model: 'risk@3', highest: 0.75 });
    expect(asked[0]?.body).toEqual({ inputs: [{ name: 'rows', shape: [2, 2], datatype: 'FP32', data: [1, 2, 3, 4] }] });
    expect(analysis.policy.maxAttempts).toBe(2);
  });

  it('asks plain JSON, if that is what the service speaks, or nothing', async () => {
    respond = json({ score: 0.5 });
    const plain = new JsonModel<{ rows: number }, { score: number }>({ url: `${url}/score?v=1`, answer: z.object({ score: z.number() }) });
    closing.push(() => plain.close());
    const analysis = httpAnalysis({ name: 'churn.score', model: plain, request: (dataset) => (dataset.length > 2 ? { rows: dataset.length } : undefined), insight: (answer) => ({ score: answer?.score ?? null }) });
    expect(await run(analysis, 'abc')).toEqual({ score: 0.5 });
    expect(asked).toMatchObject([{ method: 'POST', url: '/score?v=1', body: { rows: 3 } }]);
    expect(await run(analysis, '')).toEqual({ score: null });
    expect(asked).toHaveLength(1);
    respond = json({ score: 'high' });
    await expect(run(analysis, 'abc')).rejects.toMatchObject({ code: 'MILLRACE_ANALYST_ANSWER', message: expect.stringContaining('score:') });
  });
});
