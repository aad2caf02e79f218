import type { Nothing, Several, Signature } from '@millrace/canvas';

/** How a task is called; a call is data, made by nobody yet. */
export interface Calls<Args extends readonly unknown[], Result> {
  /**
   * With all its arguments it stands at the beginning. Without the first one it stands after what gives it; without
   * several, in a `starmap`.
   */
  s<Given extends Trailing<Args>>(...args: Given): Signature<Missing<Args, Given>, Result>;
  /** Immutable: with all its arguments, and anywhere, as the previous result is not used. */
  si(...args: Args): Signature<unknown, Result>;
}

/** The arguments, or what is left of them without the first, the first two, … */
export type Trailing<Args extends readonly unknown[]> = Args | (Args extends readonly [unknown, ...infer Rest] ? Trailing<Rest> : never);

/** What is missing before `Given`; the alternatives if that can be understood in several ways, as with optional arguments. */
export type Missing<Args extends readonly unknown[], Given, Before extends readonly unknown[] = []> =
  | (Given extends Args ? Supplied<Before> : never)
  | (Args extends readonly [infer Next, ...infer Rest]
      ? Missing<Rest, Given, [...Before, Next]>
      : number extends Args['length']
        ? Before extends readonly []
          ? Args[number]
          : never
        : Args extends readonly []
          ? never
          : Args extends readonly [(infer Next)?, ...infer Rest]
            ? Missing<Rest, Given, [...Before, Next]>
            : never);

type Supplied<Before extends readonly unknown[]> = Before extends readonly [] ? Nothing : Before extends readonly [infer One] ? One : Several<Before>;
