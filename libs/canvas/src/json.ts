import { assertArray, assertObject, type Check, fields, isTrue, json, list, name, type Place, record, refuse, root, whole, within } from './checks.js';
import type { Canvas } from './signature.js';

/**
 * Takes untrusted data for a canvas. Throws MILLRACE_CANVAS_MALFORMED, MILLRACE_CANVAS_SIZE or MILLRACE_CANVAS_TOO_DEEP
 * with the place as a JSON path. What it returns is the data itself. Whether tasks of these names exist, and whether
 * their arguments fit, is found out when they are called.
 */
export function parseCanvas(data: unknown): Canvas {
  assertCanvas(data, root('$'));
  return data;
}

function assertCanvas(value: unknown, at: Place): asserts value is Canvas {
  assertObject(value, at);
  const check = checks.get(value['kind']);
  if (!check) refuse('MILLRACE_CANVAS_MALFORMED', within(at, 'kind'), `one of ${[...checks.keys()].join(', ')}`, value['kind']);
  check(value, at);
}

const canvas: Check = (value, at) => assertCanvas(value, at);

/** A canvas of one of these kinds only. */
const kind =
  (...kinds: ReadonlyArray<Canvas['kind']>): Check =>
  (value, at) => {
    assertObject(value, at);
    if (!kinds.some((each) => each === value['kind'])) refuse('MILLRACE_CANVAS_MALFORMED', within(at, 'kind'), kinds.join(' or '), value['kind']);
    canvas(value, at);
  };

const node =
  (shape: Readonly<Record<string, Check>>): Check =>
  (value, at) =>
    fields(value, at, { kind: () => undefined, ...shape });

export const checkPolicy: Check = (value, at) => {
  if (value === 'all' || value === 'collect') return;
  if (typeof value === 'string') refuse('MILLRACE_CANVAS_MALFORMED', at, 'all, collect or {"quorum": n}', value);
  fields(value, at, { quorum: whole(1) });
};

export const checkOptions: Check = (value, at) =>
  fields(value, at, {
    'queue?': name(128),
    'priority?': whole(0, 9),
    'countdownMs?': whole(0),
    'eta?': whole(0),
    'expiresMs?': whole(1),
    'maxAttempts?': whole(1),
    'backoffMs?': whole(0),
    'maxBackoffMs?': whole(0),
    'softLimitMs?': whole(1),
    'hardLimitMs?': whole(1),
    'rateKey?': name(64),
  });

const itemTask: Check = (value, at) => {
  kind('task')(value, at);
  assertObject(value, at);
  checkMutable(value['immutable'], within(at, 'immutable'));
};

/** A map gives each item to its task, which must not be one that ignores what it is given. */
export const checkMutable: Check = (value, at) => {
  if (value !== undefined) refuse('MILLRACE_CANVAS_MALFORMED', at, 'absent, as the task is given each item', value);
};

/** Items as they are, or, when they are spread, rows of arguments. */
const items =
  (areSpread: boolean): Check =>
  (value, at) => {
    if (Array.isArray(value)) return list(areSpread ? list(json) : json)(value, at);
    if (areSpread) assertArray(value, at);
    checkRange(value, at);
  };

export const checkRange: Check = (value, at) => {
  assertObject(value, at);
  fields(value, at, { from: whole(Number.MIN_SAFE_INTEGER), to: whole(Number.MIN_SAFE_INTEGER) });
  if (Number(value['to']) < Number(value['from'])) refuse('MILLRACE_CANVAS_SIZE', within(at, 'to'), 'at least as large as from', value['to']);
};

const over =
  (shape: Readonly<Record<string, Check>>): Check =>
  (value, at) => {
    assertObject(value, at);
    node({ task: itemTask, items: items(value['spread'] === true), 'spread?': isTrue, ...shape })(value, at);
  };

const checks: ReadonlyMap<unknown, Check> = new Map<Canvas['kind'], Check>([
  ['task', node({ task: name(128), args: list(json), 'immutable?': isTrue, 'options?': checkOptions })],
  ['chain', node({ parts: list(canvas) })],
  ['group', node({ members: list(canvas), policy: checkPolicy, 'deadlineMs?': whole(1) })],
  ['chord', node({ header: kind('group', 'chunks'), body: canvas })],
  ['each', over({})],
  ['chunks', over({ size: whole(1), policy: checkPolicy, 'skewMs?': whole(0), 'deadlineMs?': whole(1) })],
  ['branch', node({ by: kind('task'), cases: record(canvas), 'otherwise?': canvas })],
  ['on-error', node({ body: canvas, handler: canvas })],
]);
