import fc from 'fast-check';
import type { Canvas, Signature, SignatureOptions } from '../signature.js';
import { randomCanvas } from './random-canvas.js';

const name = fc.oneof(fc.constantFrom('orders.dataset', 'end', '__proto__', 'subgraph'), fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }));

const options: fc.Arbitrary<SignatureOptions> = fc.record(
  { queue: name, priority: fc.nat({ max: 9 }), countdownMs: fc.nat(), eta: fc.nat(), maxAttempts: fc.integer({ min: 1, max: 9 }) },
  { requiredKeys: [] },
);

const call = fc.record({ args: fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 3 }), options, immutable: fc.boolean(), caseName: name });
type Decoration = { readonly args: readonly unknown[]; readonly options: SignatureOptions; readonly immutable: boolean; readonly caseName: string };

/** As `randomCanvas`, with arguments, options and case names of all sorts. Task names stay `t0`, `t1`, …, each once. */
export const decoratedCanvas: fc.Arbitrary<Canvas> = fc
  .tuple(randomCanvas, fc.array(call, { minLength: 1, maxLength: 5 }))
  .map(([canvas, decorations]) => decorate(canvas, cycle(decorations)));

function decorate(canvas: Canvas, next: () => Decoration): Canvas {
  const visit = (c: Canvas): Canvas => {
    switch (c.kind) {
      case 'task':
        return called(c, next());
      case 'each':
      case 'chunks':
        return { ...c, task: { ...c.task, args: next().args } };
      case 'chain':
        return { ...c, parts: c.parts.map(visit) };
      case 'group':
        return { ...c, members: c.members.map(visit) };
      case 'chord': {
        const header = visit(c.header);
        return header.kind === 'group' || header.kind === 'chunks' ? { ...c, header, body: visit(c.body) } : c;
      }
      case 'branch': {
        const cases = Object.fromEntries(Object.entries(c.cases).map(([key, inner]) => [`${next().caseName}${key}`, visit(inner)]));
        return { ...c, by: called(c.by, next()), cases, ...(c.otherwise && { otherwise: visit(c.otherwise) }) };
      }
      case 'on-error':
        return { ...c, body: visit(c.body), handler: visit(c.handler) };
    }
  };
  return visit(canvas);
}

const called = (signature: Signature, { args, options, immutable }: Decoration): Signature => ({
  ...signature,
  args,
  ...(Object.keys(options).length > 0 && { options }),
  ...(immutable && { immutable }),
});

function cycle<T>(values: readonly T[]): () => T {
  let count = 0;
  return () => {
    const value = values[count++ % values.length];
    if (value === undefined) throw new RangeError('nothing to choose from');
    return value;
  };
}
