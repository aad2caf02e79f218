import { runCaptured } from './command.mjs';

/** Compiles what changed since the last build; prints nothing when it takes no time. */
export function build(root, node) {
  return runCaptured('building', node, ['node_modules/typescript/bin/tsc', '-b'], { cwd: root, env: process.env, quietMs: 1000, shownLines: 60 });
}
