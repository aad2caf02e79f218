/** A call not yet made: task name and arguments. Immutable data, safe to put through JSON. */
export interface Signature {
  readonly kind: 'task';
  readonly task: string;
  /** Follow the previous result, which comes first unless the signature is immutable (Celery's order). */
  readonly args: readonly unknown[];
  /** An immutable signature ignores the previous result. */
  readonly immutable?: true;
}

/** Parts run one after another; each gets the result of the one before. */
export interface Chain {
  readonly kind: 'chain';
  readonly parts: readonly Canvas[];
}

/**
 * What a join does when a member fails. `all`: the join fails. `collect`: it succeeds, and what follows gets one
 * `MemberOutcome` per member instead of bare results.
 */
export type FailurePolicy = 'all' | 'collect';

/** Members run in parallel; the result is the array of theirs, in order. */
export interface Group {
  readonly kind: 'group';
  readonly members: readonly Canvas[];
  readonly policy: FailurePolicy;
}

/** A header run in parallel, then a body that runs once with the header's results. */
export interface Chord {
  readonly kind: 'chord';
  readonly header: Group;
  readonly body: Canvas;
}

/** Any composition of signatures. Any canvas stands wherever a signature does. */
export type Canvas = Signature | Chain | Group | Chord;

/** What a `collect` join tells of one member. */
export type MemberOutcome =
  | { readonly status: 'succeeded'; readonly value: unknown }
  | { readonly status: 'failed'; readonly error: unknown };

export const signature = (task: string, ...args: unknown[]): Signature => ({ kind: 'task', task, args });

export const immutable = (task: string, ...args: unknown[]): Signature => ({ kind: 'task', task, args, immutable: true });

export const chain = (...parts: Canvas[]): Chain => ({ kind: 'chain', parts });

export const group = (members: readonly Canvas[], policy: FailurePolicy = 'all'): Group => ({ kind: 'group', members, policy });

export const chord = (header: Group, body: Canvas): Chord => ({ kind: 'chord', header, body });
