import type { Canvas, FailurePolicy, MemberOutcome, Range, Signature } from './signature.js';

declare const flow: unique symbol;
declare const nothing: unique symbol;
declare const several: unique symbol;

/** What a canvas takes and what it gives, for the compiler only: nothing of it exists at run time. */
export interface Flow<In, Out> {
  readonly [flow]?: ((input: In) => Out) | undefined;
}

/** What a canvas takes that has all its arguments: it can begin a run, but not stand after something. */
export interface Nothing {
  readonly [nothing]: never;
}

/** What a signature takes that misses its first two or more arguments: only the rows of a `starmap` give it that. */
export interface Several<Args extends readonly unknown[]> {
  readonly [several]: Args;
}

/** A `Canvas` of which nothing is known is taken on trust: it fits after anything and before anything. */
type Untyped<In, Out> = [In] extends [never] ? (unknown extends Out ? true : false) : false;

/** The previous result that a canvas takes; `unknown` if it takes any, or none. */
export type Takes<C> = [C] extends [Flow<infer In, infer Out>] ? (Untyped<In, Out> extends true ? unknown : In) : never;

/** The value of a canvas; `never`, which fits everywhere, if it is not known. */
export type Gives<C> = [C] extends [Flow<infer In, infer Out>] ? (Untyped<In, Out> extends true ? never : Out) : never;

/** What a run of the canvas results in; `unknown` if that is not known. */
export type ValueOf<C> = [Gives<C>] extends [never] ? unknown : Gives<C>;

/** The canvas if it takes `Previous`, else what is wanted in its place. */
export type Fits<C, Previous> = [Previous] extends [Takes<C>] ? C : Canvas<Previous>;

/** The canvas if it can begin a run or take the place of a task, else what is wanted in its place. */
export type Begins<C> = Fits<C, Nothing>;

/** Each part if it takes what the one before it gives. */
export type Sequence<Parts extends readonly Canvas[]> = number extends Parts['length'] ? Walk<Parts, never> : InPlace<Parts>;

/** By their places, without recursion: `[start, ...Parts][K]` stands before `Parts[K]`. */
type InPlace<Parts extends readonly Canvas[]> = {
  readonly [K in keyof Parts]: Fits<Parts[K], K extends keyof Shifted<Parts> ? Gives<Shifted<Parts>[K]> : never>;
};
type Shifted<Parts extends readonly Canvas[]> = [start: Signature<unknown, never>, ...Parts];

/** Where an array is among the parts, which has no places: its elements follow one another, or there are none. */
type Walk<Parts extends readonly Canvas[], Previous> = Parts extends readonly [infer One extends Canvas, ...infer Rest extends readonly Canvas[]]
  ? readonly [Fits<One, Previous>, ...Walk<Rest, Gives<One>>]
  : Parts extends readonly [...infer Rest extends readonly Canvas[], infer One extends Canvas]
    ? readonly [...Walk<Rest, Previous>, Fits<One, AfterArray<Rest, Previous>>]
    : ReadonlyArray<Fits<Parts[number], Previous | Gives<Parts[number]>>>;
type AfterArray<Parts extends readonly Canvas[], Previous> = Parts extends readonly [...unknown[], infer One] ? Gives<One> : Previous | Gives<Parts[number]>;

export type First<Parts extends readonly unknown[]> = Parts extends readonly [infer One, ...unknown[]] ? One : Parts[number];
export type Last<Parts extends readonly unknown[]> = Parts extends readonly [...unknown[], infer One] ? One : Parts[number];

/** What all members take: each of them is given the same. */
export type TakenByAll<Members extends readonly unknown[]> = { [K in keyof Members]: Taker<Members[K]> }[number] extends (input: infer In) => void ? In : never;

/** A union of these takes the intersection of what they take. */
type Taker<C> = (input: Takes<C>) => void;

/** What a join gives of these members. */
export type Joined<Policy extends FailurePolicy, Members extends readonly unknown[]> = Policy extends 'all'
  ? { -readonly [K in keyof Members]: Gives<Members[K]> }
  : { -readonly [K in keyof Members]: MemberOutcome<Gives<Members[K]>> };

/** What a map is applied to; a task that takes numbers may be given a range. */
export type ItemsOf<Item> = readonly Item[] | (number extends Item ? Range : never);

/** What a starmap is applied to: the missing arguments, row by row. */
export type RowsOf<Missing> = ReadonlyArray<Missing extends Several<infer Args> ? Args : unknown extends Missing ? readonly unknown[] : readonly [Missing]>;

/** The signature if its answer can name a case. */
export type Decides<S> = [Gives<S>] extends [string | number | boolean] ? S : Signature<Takes<S>, string | number | boolean>;

/** The cases, but `never` in the place of one that `By` does not answer with. */
export type CasesOf<By, Cases> = {
  readonly [K in keyof Cases]: string extends K ? Cases[K] : `${K & (string | number)}` extends Answers<By> ? Cases[K] : never;
};
type Answers<By> = [Gives<By>] extends [never] ? string : `${Gives<By> & (string | number | boolean)}`;

/** What a branch takes: its `by` and every case are given the same. */
export type TakenByBranch<By, Cases, Otherwise> = Taker<By> | Taker<Otherwise> | { [K in keyof Cases]: Taker<Cases[K]> }[keyof Cases] extends (input: infer In) => void ? In : never;

/** What a branch gives: the value of some case, or, if `By` may answer with something else, what it was given. */
export type GivenByBranch<By, Cases> = GivenByCases<Cases> | (IsExhaustive<By, Cases> extends true ? never : HandedOn<By, Cases>);

export type GivenByCases<Cases> = { [K in keyof Cases]: Gives<Cases[K]> }[keyof Cases];

/** An answer that is not known is taken on trust, as elsewhere. */
type IsExhaustive<By, Cases> = [Gives<By>] extends [never] ? true : [Answers<By>] extends [`${keyof Cases & (string | number)}`] ? true : false;
type HandedOn<By, Cases> = WithoutNothing<TakenByBranch<By, Cases, By>>;
type WithoutNothing<In> = In extends Nothing ? undefined : In;
