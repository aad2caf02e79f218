import type { App, AppOptions } from '@millrace/app';

export type Print = (value: unknown) => void;

/** A page of code that can be read, run and tested: what it prints stands at the end of its file. */
export interface Example {
  readonly options: Omit<AppOptions, 'profile'>;
  /** Called with an app whose worker is at work. */
  play(app: App, print: Print): Promise<void>;
}

export const example = (options: Example['options'], play: Example['play']): Example => ({ options, play });
