import { canvasErrors } from './errors.js';

/** Where a value stands in a canvas: linked upwards, so that a path is spelt out only when there is something to say. */
export interface Place {
  readonly key: string | number;
  readonly parent?: Place;
  readonly depth: number;
}

/** Throws, naming the place, when the value is not what it must be. */
export type Check = (value: unknown, at: Place) => void;

/** The most steps on the way from a canvas to anything in it; a canvas in a canvas is two. */
export const mostDepth = 500;

export const root = (key: string): Place => ({ key, depth: 0 });

/** Throws MILLRACE_CANVAS_TOO_DEEP. */
export function within(parent: Place, key: string | number): Place {
  const at = { key, parent, depth: parent.depth + 1 };
  if (at.depth > mostDepth) throw canvasErrors.error('MILLRACE_CANVAS_TOO_DEEP', `${pathOf(at).slice(0, 200)}… is nested too deep: more than ${mostDepth} steps of a path`);
  return at;
}

/** As a path that says where to look: `$.parts[1].size`. */
function pathOf(at: Place): string {
  if (!at.parent) return String(at.key);
  const own = typeof at.key === 'number' ? `[${at.key}]` : /^\w+$/.test(at.key) ? `.${at.key}` : `[${JSON.stringify(at.key)}]`;
  return pathOf(at.parent) + own;
}

/** Names the kind of what is there, never the value itself unless it is a number: messages go into logs. */
export function refuse(code: 'MILLRACE_CANVAS_MALFORMED' | 'MILLRACE_CANVAS_SIZE', at: Place, wanted: string, value: unknown): never {
  throw canvasErrors.error(code, `${pathOf(at)} must be ${wanted}, but is ${nameOf(value)}`, { detail: { path: pathOf(at) } });
}

function nameOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

export const whole =
  (min: number, max: number = Number.MAX_SAFE_INTEGER): Check =>
  (value, at) => {
    if (typeof value !== 'number') refuse('MILLRACE_CANVAS_MALFORMED', at, 'a whole number', value);
    const limits = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    if (!Number.isSafeInteger(value) || value < min || value > max) refuse('MILLRACE_CANVAS_SIZE', at, `a whole number ${limits}`, value);
  };

/** A name of 1 to `most` characters. */
export const name =
  (most: number): Check =>
  (value, at) => {
    if (typeof value !== 'string') refuse('MILLRACE_CANVAS_MALFORMED', at, 'a string', value);
    if (value.length === 0 || value.length > most) refuse('MILLRACE_CANVAS_MALFORMED', at, `a string of 1 to ${most} characters`, value);
  };

export const isTrue: Check = (value, at) => {
  if (value !== true) refuse('MILLRACE_CANVAS_MALFORMED', at, 'true, or absent', value);
};

export function assertArray(value: unknown, at: Place): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) refuse('MILLRACE_CANVAS_MALFORMED', at, 'an array', value);
}

export function assertObject(value: unknown, at: Place): asserts value is Readonly<Record<string, unknown>> {
  if (!isObject(value)) refuse('MILLRACE_CANVAS_MALFORMED', at, 'a plain object', value);
}

/** A plain object, as JSON has them. */
function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

export const list =
  (check: Check): Check =>
  (value, at) => {
    assertArray(value, at);
    for (const [index, each] of value.entries()) check(each, within(at, index));
  };

export const record =
  (check: Check): Check =>
  (value, at) => {
    assertObject(value, at);
    for (const [key, each] of Object.entries(value)) check(each, within(at, key));
  };

/** What an object holds: keys that end in `?` may be absent, and any key not named here is refused. */
export function fields(value: unknown, at: Place, checks: Readonly<Record<string, Check>>): void {
  assertObject(value, at);
  for (const [key, check] of Object.entries(checks)) {
    const isOptional = key.endsWith('?');
    const own = isOptional ? key.slice(0, -1) : key;
    if (!isOptional || value[own] !== undefined) check(value[own], within(at, own));
  }
  const known = Object.keys(checks).map((key) => key.replace('?', ''));
  const strange = Object.keys(value).find((key) => !known.includes(key));
  if (strange !== undefined) refuse('MILLRACE_CANVAS_MALFORMED', within(at, strange), `absent; there may be ${known.join(', ')}`, value[strange]);
}

/** What JSON can carry, whatever it is. */
export const json: Check = (value, at) => {
  if (Array.isArray(value)) return list(json)(value, at);
  if (isObject(value)) return record(json)(value, at);
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return;
  refuse('MILLRACE_CANVAS_MALFORMED', at, 'something that JSON can carry', value);
};
