import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { checkLayers, type Finding } from './check-layers.js';

type Planted = Pick<Finding, 'file' | 'line' | 'rule'> & { readonly code: string };

/** One breach of each rule, as somebody in a hurry would write it; `line` is where it has to be found. */
const planted: readonly Planted[] = [
  { file: 'libs/kernel/src/planted.ts', line: 1, rule: 'layers', code: "export type { CallbackEvent } from '@millrace/contracts';" },
  { file: 'libs/engine/src/planted.ts', line: 2, rule: 'layers', code: "\nimport { SqsBroker } from '@millrace/broker-sqs';\nexport { SqsBroker };" },
  { file: 'libs/domains/orders/src/planted.ts', line: 1, rule: 'layers', code: "export type Broker = import('@millrace/broker').Broker;" },
  { file: 'apps/analyst/src/planted.ts', line: 1, rule: 'layers', code: "export const late = () => import('@millrace/run-store-redis');" },
  { file: 'libs/worker/src/planted.ts', line: 1, rule: 'reserved', code: "export { Redis } from 'ioredis';" },
  { file: 'libs/tasks/src/planted.ts', line: 1, rule: 'reserved', code: "import '@nestjs/common/decorators/index.js';" },
  { file: 'libs/canvas/src/planted.ts', line: 1, rule: 'undeclared', code: "import { z } from 'zod';\nexport const any = z.any();" },
  { file: 'libs/frame/src/planted.ts', line: 1, rule: 'outside', code: "export * from '../../kernel/src/index.js';" },
  { file: 'libs/webhooks/src/planted.ts', line: 1, rule: 'environment', code: 'export const home = process.env.HOME;' },
  { file: 'libs/engine/src/planted-time.ts', line: 2, rule: 'time', code: '// Date.now() in a comment is no breach\nexport const at = () => Date.now();' },
  { file: 'libs/platform/src/planted.ts', line: 1, rule: 'time', code: "export { setTimeout } from 'node:timers/promises';" },
  { file: 'libs/canvas/src/planted-random.ts', line: 1, rule: 'time', code: 'export const draw = () => globalThis.Math.random() + Number(new Date());' },
];

/** Plants breaches in a copy of the repository at `root`, checks it, and returns those that the check did not find. */
export async function selfTest(root: string): Promise<readonly Planted[]> {
  const copy = await mkdtemp(join(tmpdir(), 'millrace-layers-'));
  try {
    await copySources(root, copy);
    await Promise.all(planted.map(({ file, code }) => writeFile(join(copy, file), code)));
    const { findings } = await checkLayers(copy);
    return planted.filter(({ file, line, rule }) => !findings.some((found) => found.file === file && found.line === line && found.rule === rule));
  } finally {
    await rm(copy, { recursive: true });
  }
}

async function copySources(root: string, copy: string): Promise<void> {
  const skipped = new Set(['node_modules', 'dist', 'models', 'fixtures']);
  const filter = (path: string) => !skipped.has(basename(path));
  await cp(join(root, 'package.json'), join(copy, 'package.json'));
  for (const folder of ['apps', 'libs', 'tools']) await cp(join(root, folder), join(copy, folder), { recursive: true, filter });
}
