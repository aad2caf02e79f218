import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, it, vi } from 'vitest';

const foreground = resolve(import.meta.dirname, '../foreground.mjs');

/** A process that runs `script` in the foreground, as the entry of the npm scripts does. */
function runner(script: string): ChildProcess & { stdout: NonNullable<ChildProcess['stdout']> } {
  const code = `const { runForeground } = await import(${JSON.stringify(foreground)}); process.exitCode = await runForeground(process.execPath, ['-e', ${JSON.stringify(script)}, 'one', 'two words'], '.');`;
  return spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function outputOf(child: ReturnType<typeof runner>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const exitOf = async (child: ChildProcess) => (await once(child, 'exit'))[0];

it('passes arguments and the exit code through', async () => {
  const child = runner("console.log(JSON.stringify(process.argv.slice(1))); process.exitCode = 7");
  const exit = exitOf(child);
  expect(await outputOf(child)).toBe('["one","two words"]\n');
  expect(await exit).toBe(7);
});

it('tells the signal that ended the child in its exit code', async () => {
  expect(await exitOf(runner("process.kill(process.pid, 'SIGKILL')"))).toBe(137);
});

it('passes on a Ctrl-C that arrives twice, from the terminal and from npm, once', async () => {
  const child = runner("let n = 0; process.on('SIGINT', () => { n++; setTimeout(() => { console.log('signals', n); process.exit(0) }, 500) }); console.log('ready'); setInterval(() => {}, 1000)");
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  const exit = exitOf(child);
  await vi.waitUntil(() => output.includes('ready'), { timeout: 10_000 });
  child.kill('SIGINT');
  child.kill('SIGINT');
  await vi.waitUntil(() => output.includes('signals'), { timeout: 10_000 });
  expect(output).toBe('ready\nsignals 1\n');
  expect(await exit).toBe(0);
});

it('tells the child when it is gone itself', async () => {
  const child = runner("process.on('disconnect', () => { console.log('alone'); process.exit() }); console.log('ready')");
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  await vi.waitUntil(() => output.includes('ready'), { timeout: 10_000 });
  child.kill('SIGKILL');
  await vi.waitFor(() => expect(output).toBe('ready\nalone\n'), { timeout: 10_000 });
});
