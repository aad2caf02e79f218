/** One entry of the error catalogue: what the code means and whether trying again may help. */
export interface ErrorSpec {
  readonly retryable: boolean;
  /** What was wrong and what to do, in one sentence. */
  readonly help: string;
}

const brand = Symbol.for('@millrace/error');

/** An error with a code from a catalogue. Recognised by brand, so it holds across threads, processes and duplicate packages. */
export class MillraceError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  /** Facts about this occurrence; goes into logs and problem details, so never payloads or secrets. */
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(init: ErrorInit & { code: string; retryable: boolean; message: string }) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'MillraceError';
    this.code = init.code;
    this.retryable = init.retryable;
    this.detail = init.detail ?? {};
    Object.defineProperty(this, brand, { value: true });
  }

  static is(value: unknown, code?: string): value is MillraceError {
    return typeof value === 'object' && value !== null && brand in value && (code === undefined || ('code' in value && value.code === code));
  }
}

export interface ErrorInit {
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

export type ErrorCatalogue = Readonly<Record<string, ErrorSpec>>;

/** Declares a library's errors; the returned function makes one of them. The catalogue itself feeds docs/errors.md. */
export function defineErrors<C extends ErrorCatalogue>(catalogue: C): { catalogue: C; error: ErrorMaker<C> } {
  const error: ErrorMaker<C> = (code, message, init = {}) =>
    new MillraceError({ ...init, code, message, retryable: catalogue[code]?.retryable ?? false });
  return { catalogue, error };
}

export type ErrorMaker<C extends ErrorCatalogue> = (code: keyof C & string, message: string, init?: ErrorInit) => MillraceError;

/** The message of anything thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
