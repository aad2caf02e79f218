import type { StepError } from '@millrace/contracts';
import { root, whole } from './checks.js';
import type {
  CasesOf,
  Decides,
  First,
  Fits,
  Gives,
  GivenByBranch,
  GivenByCases,
  ItemsOf,
  Joined,
  Last,
  RowsOf,
  Sequence,
  TakenByAll,
  TakenByBranch,
  Takes,
} from './flow.js';
import { checkMutable, checkOptions, checkPolicy, checkRange } from './json.js';
import type { Branch, Canvas, Chain, Chord, Chunks, Each, FailurePolicy, Group, Items, OnError, Signature, SignatureOptions } from './signature.js';

/** A call of a task that is known by name only: fits anywhere, and gets the previous result before `args`. */
export const signature = (task: string, ...args: unknown[]): Signature<unknown, never> => ({ kind: 'task', task, args });

/** The same, but without the previous result. */
export const immutable = (task: string, ...args: unknown[]): Signature<unknown, never> => ({ kind: 'task', task, args, immutable: true });

/** The same call with these options; they win over those it has. Throws MILLRACE_CANVAS_SIZE. */
export function withOptions<S extends Signature>(call: S, options: SignatureOptions): S {
  checkOptions(options, root('options'));
  return { ...call, options: { ...call.options, ...options } };
}

/** One after another: each part gets the result of the one before. */
export const chain = <const Parts extends readonly Canvas[]>(...parts: Parts & Sequence<Parts>): Chain<Takes<First<Parts>>, Gives<Last<Parts>>> => ({
  kind: 'chain',
  parts,
});

export interface GroupOptions<Policy extends FailurePolicy = FailurePolicy> {
  /** `all` if absent. */
  readonly policy?: Policy;
  /** Milliseconds from when the group begins. */
  readonly deadlineMs?: number;
}

/** A group succeeds as soon as `n` of its members have. Throws MILLRACE_CANVAS_SIZE unless `n` is at least 1. */
export function quorum(n: number): { readonly quorum: number } {
  whole(1)(n, root('quorum'));
  return { quorum: n };
}

/** In parallel; the result is an array, in the members' order. Throws MILLRACE_CANVAS_SIZE. */
export function group<const Members extends readonly Canvas[], const Policy extends FailurePolicy = 'all'>(
  members: Members,
  policy?: Policy,
): Group<TakenByAll<Members>, Joined<Policy, Members>>;
export function group<const Members extends readonly Canvas[], const Policy extends FailurePolicy = 'all'>(
  members: Members,
  options: GroupOptions<Policy>,
): Group<TakenByAll<Members>, Joined<Policy, Members>>;
export function group(members: readonly Canvas[], options: FailurePolicy | GroupOptions = 'all'): Group {
  return { kind: 'group', members, ...joining('group', isPolicy(options) ? { policy: options } : options) };
}

/** A header in parallel, then a body that gets the header's results. */
export const chord = <Header extends Group | Chunks, Body extends Canvas>(
  header: Header,
  body: Body & Fits<Body, Gives<Header>>,
): Chord<Takes<Header>, Gives<Body>> => ({ kind: 'chord', header, body });

/** One step that calls the task for each item in turn. Throws MILLRACE_CANVAS_SIZE. */
export const map = <S extends Signature>(task: S, items: ItemsOf<Takes<S>>): Each<unknown, Array<Gives<S>>> => over('map', task, items);

/** As `map`, but each item is an array with the arguments that come first. */
export const starmap = <S extends Signature>(task: S, items: RowsOf<Takes<S>>): Each<unknown, Array<Gives<S>>> => ({
  ...over('starmap', task, items),
  spread: true,
});

export interface ChunksOptions<Policy extends FailurePolicy = FailurePolicy, Spread extends boolean = boolean> extends GroupOptions<Policy> {
  /** Each item is an array with the arguments that come first. */
  readonly spread?: Spread;
  /** Milliseconds by which each member begins after the one before. */
  readonly skewMs?: number;
}

/** `map` in parallel, `size` items to a member; the result is the array of the members' arrays. Throws MILLRACE_CANVAS_SIZE. */
export function chunks<S extends Signature, const Policy extends FailurePolicy = 'all', Spread extends boolean = false>(
  task: S,
  items: Spread extends true ? RowsOf<Takes<S>> : ItemsOf<Takes<S>>,
  size: number,
  options?: ChunksOptions<Policy, Spread>,
): Chunks<unknown, Joined<Policy, Array<Each<unknown, Array<Gives<S>>>>>>;
export function chunks(task: Signature, items: Items, size: number, { spread, skewMs, ...options }: ChunksOptions = {}): Chunks {
  whole(1)(size, root('chunks.size'));
  if (skewMs !== undefined) whole(0)(skewMs, root('chunks.skewMs'));
  return {
    ...over('chunks', task, items),
    kind: 'chunks',
    size,
    ...(spread === true && { spread }),
    ...(skewMs !== undefined && { skewMs }),
    ...joining('chunks', options),
  };
}

/**
 * `by` answers with the name of a case, whose canvas then gets what `by` was given. Without such a case: `otherwise`, or
 * what was given is handed on.
 */
export function branch<By extends Signature, const Cases extends Readonly<Record<string, Canvas>>>(
  by: By & Decides<By>,
  cases: Cases & CasesOf<By, Cases>,
): Branch<TakenByBranch<By, Cases, By>, GivenByBranch<By, Cases>>;
export function branch<By extends Signature, const Cases extends Readonly<Record<string, Canvas>>, Otherwise extends Canvas>(
  by: By & Decides<By>,
  cases: Cases & CasesOf<By, Cases>,
  otherwise: Otherwise,
): Branch<TakenByBranch<By, Cases, Otherwise>, GivenByCases<Cases> | Gives<Otherwise>>;
export function branch(by: Signature, cases: Readonly<Record<string, Canvas>>, otherwise?: Canvas): Branch {
  return { kind: 'branch', by, cases, ...(otherwise && { otherwise }) };
}

/** When `body` fails, `handler` gets the error; the whole then fails all the same, with the body's error. */
export const onError = <Body extends Canvas, Handler extends Canvas>(
  body: Body,
  handler: Handler & Fits<Handler, StepError>,
): OnError<Takes<Body>, Gives<Body>> => ({ kind: 'on-error', body, handler });

const isPolicy = (options: FailurePolicy | GroupOptions): options is FailurePolicy => typeof options === 'string' || 'quorum' in options;

function joining(builder: string, { policy = 'all', deadlineMs }: GroupOptions): Pick<Group, 'policy' | 'deadlineMs'> {
  checkPolicy(policy, root(`${builder}.policy`));
  if (deadlineMs === undefined) return { policy };
  whole(1)(deadlineMs, root(`${builder}.deadlineMs`));
  return { policy, deadlineMs };
}

function over(builder: string, task: Signature, items: Items): Each<unknown, never> {
  checkMutable(task.immutable, root(`${builder}.task.immutable`));
  if ('from' in items) checkRange(items, root(`${builder}.items`));
  return { kind: 'each', task, items };
}
