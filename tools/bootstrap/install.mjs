import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { Failure, runCaptured } from './command.mjs';
import { installedNode } from './node-version.mjs';

/** Installs what package-lock.json says, unless it is there already. */
export async function ensureInstalled(root) {
  if (!isInstalled(root)) await npm(root, 'installing packages', ['ci', '--ignore-scripts', '--loglevel=error']);
  if (existsSync(installedNode(root)) || process.versions.node.startsWith('24.')) return;
  await npm(root, 'installing Node 24', ['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error']);
  if (!existsSync(installedNode(root))) throw new Failure('npm did not install Node 24 into node_modules/node; run «npm rebuild node» and look at what it says');
}

/** Whether every package of package-lock.json is in node_modules with its version, as npm's own record there says. */
export function isInstalled(root) {
  const wanted = lockedPackages(join(root, 'package-lock.json'));
  const present = lockedPackages(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([path, entry]) => isSatisfied(path, entry, present[path]));
}

function isSatisfied(path, wanted, present) {
  if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true;
  if (!present) return wanted.optional === true || wanted.peer === true;
  return wanted.version === present.version;
}

function lockedPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

/** Only Node's own install script is ever run: no other package needs one, and some would download from elsewhere. */
function npm(root, title, args) {
  const script = process.env.npm_execpath;
  const own = script && basename(script) === 'npm-cli.js';
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  return runCaptured(title, own ? process.execPath : 'npm', own ? [script, ...args] : args, { cwd: root, env });
}
