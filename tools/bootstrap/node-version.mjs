import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const oldest = [20, 19];

/** One line saying why Node `version` will not do, or undefined when it will. */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return undefined;
  return `Node ${version} is too old: install Node ${oldest.join('.')} or newer from https://nodejs.org (the right Node for Millrace itself is then installed by npm)`;
}

/** Where npm puts the Node that Millrace runs under. */
export const installedNode = (root) => join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** The Node to run under: the one npm installed, or this one where it is already of that major version. */
export function nodeBinary(root) {
  const installed = installedNode(root);
  return existsSync(installed) ? installed : process.execPath;
}
