/** RFC 9457 problem details, the body of every HTTP error. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly instance?: string;
  /** Where in the request the problem is: a JSON Pointer (RFC 6901), or `#query/name`, `#header/name`. At most 20. */
  readonly errors?: ReadonlyArray<{ readonly pointer: string; readonly detail: string }>;
}
