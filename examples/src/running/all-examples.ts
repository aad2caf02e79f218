import { readdir } from 'node:fs/promises';
import type { Example } from './example.js';

const folder = new URL('../', import.meta.url);

/** The names of all examples, in order: `01-one-task`, … */
export async function allExamples(): Promise<readonly string[]> {
  const files = await readdir(folder);
  return files.flatMap((file) => /^(\d\d-[a-z-]+)\.[jt]s$/.exec(file)?.[1] ?? []).toSorted();
}

/** The example of that name, or whose name begins so; undefined without one. */
export async function exampleNamed(name: string): Promise<Example | undefined> {
  const found = (await allExamples()).find((candidate) => candidate === name || candidate.startsWith(`${name}-`));
  if (found === undefined) return undefined;
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const loaded = (await import(new URL(`${found}.${extension}`, folder).href)) as { default: Example };
  return loaded.default;
}
