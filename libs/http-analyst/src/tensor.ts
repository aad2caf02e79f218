import { z } from 'zod';
import { analystErrors } from './errors.js';

/**
 * The datatypes of the Open Inference Protocol that JSON can carry, with what their values must be; see
 * https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md.
 */
const range = (min: number, max: number) => (value: unknown) => Number.isSafeInteger(value) && min <= (value as number) && (value as number) <= max;
const finite = (value: unknown) => typeof value === 'number' && Number.isFinite(value);
const fits = {
  BOOL: (value: unknown) => typeof value === 'boolean',
  UINT8: range(0, 0xff),
  UINT16: range(0, 0xffff),
  UINT32: range(0, 0xffff_ffff),
  UINT64: range(0, Number.MAX_SAFE_INTEGER),
  INT8: range(-0x80, 0x7f),
  INT16: range(-0x8000, 0x7fff),
  INT32: range(-0x8000_0000, 0x7fff_ffff),
  INT64: range(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  FP16: finite,
  FP32: finite,
  FP64: finite,
  BYTES: (value: unknown) => typeof value === 'string',
} as const;

export type Datatype = keyof typeof fits;

/** A tensor as the protocol has it; `data` is flat, row by row. */
export interface Tensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: ArrayLike<number | boolean | string>;
}

/** `matrix` row by row, as models are given one. */
export const matrixTensor = (name: string, matrix: Float32Array, columns: number): Tensor => ({ name, datatype: 'FP32', shape: [matrix.length / columns, columns], data: matrix });

const received = z.object({ name: z.string(), datatype: z.enum(Object.keys(fits) as [Datatype, ...Datatype[]]), shape: z.array(z.int().nonnegative()), data: z.array(z.unknown()) });

/** As JSON. Throws MILLRACE_ANALYST_TENSOR for values that do not fit; NaN and infinities fit nothing. */
export function encodeTensor({ name, datatype, shape, data }: Tensor): object {
  const values = Array.from(data);
  const fault = faultIn(values, datatype, shape);
  if (fault) throw analystErrors.error('MILLRACE_ANALYST_TENSOR', `tensor ${JSON.stringify(name)}: ${fault}`, { detail: { tensor: name } });
  return { name, shape, datatype, data: values };
}

/** From JSON; nested data, which the protocol allows, is made flat. Throws MILLRACE_ANALYST_ANSWER. */
export function decodeTensor(json: unknown): Tensor {
  const parsed = received.safeParse(json);
  if (!parsed.success) throw wrong('an output of the answer is no tensor');
  const { name, datatype, shape } = parsed.data;
  const data = parsed.data.data.flat(Infinity);
  const fault = faultIn(data, datatype, shape);
  if (fault) throw wrong(`output ${JSON.stringify(name.slice(0, 100))} of the answer: ${fault}`);
  return { name, datatype, shape, data: data as Array<number | boolean | string> };
}

function faultIn(values: readonly unknown[], datatype: Datatype, shape: readonly number[]): string | undefined {
  const size = shape.reduce((product, length) => product * length, 1);
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) return `its shape ${shape.join(' × ')} is none`;
  if (values.length !== size) return `it has ${values.length} values, but its shape ${shape.join(' × ')} needs ${size}`;
  const wrongAt = values.findIndex((value) => !fits[datatype](value));
  return wrongAt < 0 ? undefined : `its value ${wrongAt} is not of the type ${datatype}`;
}

const wrong = (message: string): Error => analystErrors.error('MILLRACE_ANALYST_ANSWER', message);
