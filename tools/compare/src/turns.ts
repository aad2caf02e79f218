import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '@millrace/kernel';
import { startRedis } from '@millrace/testkit';
import { Redis } from 'ioredis';
import { compareErrors } from './errors.js';
import type { Sample } from './summary.js';
import type { Undo } from './undo.js';
import { UsageMeter } from './usage-meter.js';

/** One system's go in one round, on a Redis of its own. */
export interface Turn {
  readonly round: number;
  readonly system: string;
  readonly redisUrl: string;
  readonly redis: Redis;
  /** Logs and data of this turn; exists and is empty. */
  readonly folder: string;
  /** Run when the turn is over. */
  readonly undo: Undo;
}

/** A system that has been started. */
export interface Running {
  /** Its processes; those that descend from them count too. */
  pids(): readonly number[];
  /** Throws when one of them has ended. */
  requireAlive(): void;
}

export interface Turns {
  readonly rounds: number;
  readonly systems: readonly string[];
  readonly folder: string;
}

/** A, B, C, A, B, C …: what is slow for a while on this machine is slow for all of them. */
export async function takeTurns({ rounds, systems, folder }: Turns, undo: Undo, play: (turn: Turn) => Promise<Sample[]>): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const system of systems) {
      try {
        samples.push(...(await play(await newTurn({ round, system, folder: join(folder, `${round}-${system}`) }, undo))));
      } finally {
        await undo.run();
      }
    }
  }
  return samples;
}

export const meterOf = ({ redis }: Turn, running: Running): UsageMeter => new UsageMeter(redis, () => running.pids());

async function newTurn(about: Pick<Turn, 'round' | 'system' | 'folder'>, undo: Undo): Promise<Turn> {
  await mkdir(about.folder, { recursive: true });
  const server = await startRedis().catch(noRedis);
  await undo.add(() => server.stop());
  const redis = new Redis(server.url);
  await undo.add(async () => redis.disconnect());
  return { ...about, redisUrl: server.url, redis, undo };
}

function noRedis(cause: unknown): never {
  throw compareErrors.error('MILLRACE_COMPARE_REDIS', messageOf(cause), { cause });
}
