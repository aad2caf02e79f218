// Starts a stack of fake services in the folder given and tells its process ids, to be killed itself.
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Stack } from '../dist/index.js';

const stack = new Stack({
  profile: { name: 'aws' },
  dataDir: process.argv[2],
  callbackSecret: 'whsec_bWlsbHJhY2U=',
  entryOf: () => fileURLToPath(new URL('fake-service.mjs', import.meta.url)),
});
await stack.start();
process.stdout.write(`${JSON.stringify([...stack.pids().values()])}\n`);
