import { resolve } from 'node:path';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { messageOf } from '@millrace/kernel';
import { compareErrors } from './errors.js';

export const usage = `npm run bench -- pipelines|canvas [--rounds N] [--duration S] [--warmup S] [--systems A,B] [--json FILE]

  pipelines   POST to signed callback: 11 tasks, three tiny datasets and five tiny analyses of 20 rows;
              32 outstanding, then 20 a second; millrace, bullmq, celery
  canvas      chords of 10, 1,000 and 10,000 and a chain of 5, one after the other; millrace, bullmq

  --rounds    how often each system has its turn: A, B, C, A, B, C … (3)
  --duration  seconds of each load, or of each canvas, that count (10, canvas 5)
  --warmup    seconds before that, not counted (5, canvas 2)
  --systems   which of them; ratios are told against the first (all)
  --json      write every sample, the medians and the ratios there as well

Every turn has a Redis and processes of its own. Celery is left out where python3 and pip cannot set it up.`;

const kinds = {
  pipelines: { systems: ['millrace', 'bullmq', 'celery'], duration: '10', warmup: '5' },
  canvas: { systems: ['millrace', 'bullmq'], duration: '5', warmup: '2' },
} as const;

const flags = {
  rounds: { type: 'string', default: '3' },
  duration: { type: 'string' },
  warmup: { type: 'string' },
  systems: { type: 'string' },
  json: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

export interface CompareOptions {
  readonly kind: keyof typeof kinds;
  readonly rounds: number;
  /** Seconds. */
  readonly duration: number;
  readonly warmup: number;
  readonly systems: readonly string[];
  readonly json?: string;
}

/** The options of the command line, files relative to `folder`; undefined when help was asked for. Throws MILLRACE_COMPARE_USAGE. */
export function compareOptions(args: readonly string[], folder: string): CompareOptions | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const [word = '', ...rest] = positionals;
  if (rest.length > 0) throw wrong(`${rest.join(' ')}: one comparison at a time`);
  const kind = word === 'pipelines' || word === 'canvas' ? word : undefined;
  if (!kind) throw wrong(`${word || 'nothing'}: choose pipelines or canvas`);
  const rounds = positive('rounds', values.rounds);
  if (!Number.isInteger(rounds)) throw wrong(`--rounds ${values.rounds}: not a whole number`);
  return {
    kind,
    rounds,
    duration: positive('duration', values.duration ?? kinds[kind].duration),
    warmup: atLeastZero('warmup', values.warmup ?? kinds[kind].warmup),
    systems: values.systems === undefined ? kinds[kind].systems : chosen(values.systems, kinds[kind].systems),
    ...(values.json !== undefined && { json: resolve(folder, values.json) }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: true });
  } catch (error) {
    throw wrong(messageOf(error).split('. ')[0] ?? messageOf(error));
  }
}

function chosen(list: string, known: readonly string[]): string[] {
  const names = [...new Set(list.split(','))];
  for (const name of names) if (!known.includes(name)) throw wrong(`--systems ${name}: choose from ${known.join(', ')}`);
  return names;
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

const wrong = (line: string) => compareErrors.error('MILLRACE_COMPARE_USAGE', `${line}\n\n${usage}`);
