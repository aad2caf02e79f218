import { cliPage } from './cli-page.js';
import { configPage } from './config-page.js';
import { errorsPage } from './errors-page.js';

const docs = new URL('../../../docs/', import.meta.url);

/** Every generated page, and where it goes. */
export const pages = (): ReadonlyArray<{ readonly file: URL; readonly content: string }> => [
  { file: new URL('cli.md', docs), content: cliPage() },
  { file: new URL('config.md', docs), content: configPage() },
  { file: new URL('errors.md', docs), content: errorsPage() },
];
