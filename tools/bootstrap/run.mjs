// The entry of every npm script: makes a fresh clone runnable, then runs what was asked for under the Node of node_modules.
// No dependencies, and nothing newer than Node 20: it runs before anything is installed.
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { Failure } from './command.mjs';
import { ensureInstalled } from './install.mjs';
import { nodeBinary, nodeProblem } from './node-version.mjs';
import { runForeground } from './foreground.mjs';
import { targets } from './targets.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function main([name = '', ...args]) {
  const problem = nodeProblem(process.versions.node);
  if (problem) throw new Failure(problem);
  const target = Object.hasOwn(targets, name) ? targets[name] : undefined;
  if (!target) throw new Failure(`there is no «${name}»; choose one of ${Object.keys(targets).join(', ')}`);
  await ensureInstalled(root);
  if (target.needsBuild) await build(root, nodeBinary(root));
  for (const command of target.commands(args)) {
    const code = await runForeground(nodeBinary(root), command, root);
    if (code !== 0) return code;
  }
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
