/** Marks the impossible branch of an exhaustive switch: a compile error when a case is missing. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected value ${JSON.stringify(value)}`);
}
