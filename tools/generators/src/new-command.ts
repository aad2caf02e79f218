import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { writeCatalog } from './catalog-files.js';
import { newDomain } from './new-domain.js';

const root = resolve(import.meta.dirname, '../../..');
const usage = 'npm run new -- domain <name>\nnpm run new -- catalog\n';

process.exitCode = await run(process.argv.slice(2));

async function run([what, name, ...more]: readonly string[]): Promise<number> {
  if (what === 'catalog' && name === undefined) return catalogue();
  if (what === 'domain' && name !== undefined && more.length === 0) return domain(name);
  process.stderr.write(usage);
  return 2;
}

async function catalogue(): Promise<number> {
  const written = await writeCatalog(root);
  process.stdout.write(written.length === 0 ? 'the catalogue is up to date\n' : written.map((file) => `wrote ${file}\n`).join(''));
  return 0;
}

async function domain(name: string): Promise<number> {
  try {
    const { folder, files } = await newDomain(root, name);
    process.stdout.write(files.map((file) => `made ${folder}/${file}\n`).join(''));
  } catch (err) {
    if (!(err instanceof RangeError)) throw err;
    process.stderr.write(`${err.message}\n`);
    return 2;
  }
  const { status } = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
  process.stdout.write(status === 0 ? `next: npm run build && npm run docs && npm test -- libs/domains/${name}; MILLRACE_DOMAINS=${name} npm start\n` : 'npm could not link the package: run npm install\n');
  return status ?? 1;
}
