import { resolve } from 'node:path';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { messageOf } from '@millrace/kernel';
import { benchErrors } from './errors.js';

export const usage = `npm run bench -- [--profile aws|redis] [--shape bench|orders] [--payload FILE]
                 [--rate N | --outstanding N] [--duration S] [--arrivals poisson|uniform] [--warmup S] [--idle S] [--json FILE]

  --profile      emulated AWS in a process of its own, or Redis: REDIS_URL, else one started for the bench (aws)
  --shape        bench: three tiny datasets and five tiny analyses; orders: the real domain (bench)
  --payload      what is sent each time: .csv, .ndjson, .jsonl or .json (the sample of the shape)
  --rate         open loop: so many ingestions a second begin, whether or not earlier ones have ended (20)
  --outstanding  closed loop: so many ingestions are always under way
  --duration     seconds of load that count (30)
  --arrivals     open loop: evenly spaced, or at random with that mean (poisson)
  --warmup       seconds of the same load before it, not counted; V8 goes on optimising for half a minute (30)
  --idle         seconds of doing nothing before that, to measure idle CPU (5)
  --json         write the report there as well`;

const flags = {
  profile: { type: 'string', default: 'aws' },
  shape: { type: 'string', default: 'bench' },
  payload: { type: 'string' },
  rate: { type: 'string' },
  outstanding: { type: 'string' },
  duration: { type: 'string', default: '30' },
  arrivals: { type: 'string', default: 'poisson' },
  warmup: { type: 'string', default: '30' },
  idle: { type: 'string', default: '5' },
  json: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

export interface BenchOptions {
  readonly profile: 'aws' | 'redis';
  readonly shape: 'bench' | 'orders';
  readonly payload?: string;
  readonly load: Load;
  /** Seconds. */
  readonly duration: number;
  readonly warmup: number;
  readonly idle: number;
  readonly json?: string;
}

export type Load =
  | { readonly loop: 'open'; readonly rate: number; readonly arrivals: 'poisson' | 'uniform' }
  | { readonly loop: 'closed'; readonly outstanding: number };

/** The options of the command line, files relative to `folder`; undefined when help was asked for. Throws MILLRACE_BENCH_USAGE. */
export function benchOptions(args: readonly string[], folder: string): BenchOptions | undefined {
  const { help, payload, json, rate, outstanding, ...values } = parse(args);
  if (help) return undefined;
  if (rate !== undefined && outstanding !== undefined) throw wrong('--rate is for the open loop and --outstanding for the closed one; give one of them');
  const arrivals = oneOf('arrivals', values.arrivals, ['poisson', 'uniform'] as const);
  return {
    profile: oneOf('profile', values.profile, ['aws', 'redis'] as const),
    shape: oneOf('shape', values.shape, ['bench', 'orders'] as const),
    load: outstanding === undefined ? { loop: 'open', rate: positive('rate', rate ?? '20'), arrivals } : { loop: 'closed', outstanding: whole('outstanding', outstanding) },
    duration: positive('duration', values.duration),
    warmup: atLeastZero('warmup', values.warmup),
    idle: atLeastZero('idle', values.idle),
    ...(payload !== undefined && { payload: resolve(folder, payload) }),
    ...(json !== undefined && { json: resolve(folder, json) }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags }).values;
  } catch (error) {
    throw wrong(messageOf(error).split('. ')[0] ?? messageOf(error));
  }
}

function oneOf<const T extends string>(flag: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw wrong(`--${flag} ${value}: choose ${choices.join(' or ')}`);
  return found;
}

function atLeastZero(flag: string, value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number) || number < 0) throw wrong(`--${flag} ${value}: not a number of 0 or more`);
  return number;
}

function positive(flag: string, value: string): number {
  const number = atLeastZero(flag, value);
  if (number === 0) throw wrong(`--${flag} ${value}: has to be more than 0`);
  return number;
}

function whole(flag: string, value: string): number {
  const number = positive(flag, value);
  if (!Number.isInteger(number)) throw wrong(`--${flag} ${value}: not a whole number`);
  return number;
}

const wrong = (line: string) => benchErrors.error('MILLRACE_BENCH_USAGE', `${line}\n\n${usage}`);
