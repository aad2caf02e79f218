import { readFileSync } from 'node:fs';

/** The release that this process runs. */
export const millraceVersion = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }).version;
