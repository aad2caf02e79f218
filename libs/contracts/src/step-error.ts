/** How a failed step is told to the outside: a catalogue code and a sentence. */
export interface StepError {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly detail?: Readonly<Record<string, unknown>>;
}
