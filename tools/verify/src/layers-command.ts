import { resolve } from 'node:path';
import { checkLayers } from './check-layers.js';
import { selfTest } from './self-test.js';

const root = resolve(import.meta.dirname, '../../..');
process.exitCode = process.argv.includes('--self-test') ? await runSelfTest() : await runCheck();

async function runCheck(): Promise<number> {
  const { findings, packages, files } = await checkLayers(root);
  for (const { file, line, rule, message } of findings) process.stdout.write(`${file}:${line} [${rule}] ${message}\n`);
  process.stdout.write(`layers: ${findings.length} findings in ${files} files of ${packages} packages\n`);
  return findings.length === 0 ? 0 : 1;
}

async function runSelfTest(): Promise<number> {
  const missed = await selfTest(root);
  for (const { file, line, rule } of missed) process.stdout.write(`not found: ${file}:${line} [${rule}]\n`);
  process.stdout.write(`layers, self-test: ${missed.length === 0 ? 'every planted breach is found' : `${missed.length} planted breaches are not found`}\n`);
  return missed.length === 0 ? 0 : 1;
}
