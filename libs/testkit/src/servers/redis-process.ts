import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.js';
import { type RedisOptions, type RedisServer, volatileArgs } from './redis-server.js';

/** Runs a redis-server or valkey-server binary on a free port of 127.0.0.1, in a folder of its own. */
export async function spawnRedis(binary: string, { args = [] }: RedisOptions = {}): Promise<RedisServer> {
  const port = await freePort();
  const dir = await mkdtemp(join(tmpdir(), 'millrace-redis-'));
  const commandLine = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, ...volatileArgs, ...args];
  const start = () => startProcess(binary, commandLine);

  let running = await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    origin: binary,
    stop: async () => {
      await end(running, 'SIGTERM');
      await rm(dir, { recursive: true, force: true });
    },
    kill: () => end(running, 'SIGKILL'),
    restart: async () => {
      await end(running, 'SIGTERM');
      running = await start();
    },
  };
}

async function startProcess(binary: string, commandLine: readonly string[]): Promise<ChildProcess> {
  const child = spawn(binary, commandLine, { stdio: ['ignore', 'pipe', 'inherit'] });
  const orphaned = () => child.kill('SIGKILL');
  process.once('exit', orphaned);
  child.once('exit', () => process.off('exit', orphaned));
  const said: string[] = [];
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line);
      if (line.includes('Ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${binary} ended at once:\n${said.join('\n')}`)));
  });
  return child;
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}
