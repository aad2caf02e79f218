// node make-golden.mjs <folder with a full install of danfojs-node 1.2.0>
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { golden } from './operations.mjs';

const dfd = createRequire(`${resolve(process.argv[2])}/`)('danfojs-node');
writeFileSync(new URL('../fixtures/golden.json', import.meta.url), `${JSON.stringify(golden(dfd), undefined, 1)}\n`);
