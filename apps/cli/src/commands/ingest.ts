import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { MillraceClient } from '@millrace/api-client';
import type { IngestionView, TaskView } from '@millrace/contracts';
import { MillraceError, systemClock } from '@millrace/kernel';
import { addCommand, type Context, type Runner } from '../command-spec.js';
import { cliErrors } from '../errors.js';
import { bar } from '../output/bar.js';
import type { Output } from '../output/output.js';
import { duration } from '../output/words.js';
import { milliseconds } from '../read-options.js';

const contentTypes: Readonly<Record<string, string>> = { '.csv': 'text/csv', '.ndjson': 'application/x-ndjson', '.jsonl': 'application/x-ndjson', '.json': 'application/json' };

interface IngestOptions {
  readonly wait?: true;
  readonly api?: string;
  readonly domains?: string;
  readonly callback?: string;
  readonly contentType?: string;
  readonly budget?: number;
}

export function addIngestCommand(program: Command, runner: Runner): void {
  addCommand<IngestOptions>(program, {
    usage: 'ingest <file>',
    summary: 'Send a file to the ingestion API',
    about: 'With MILLRACE_API_KEY as the API key or token, where the deployment asks for one.',
    arguments: ['a .csv, .ndjson, .jsonl or .json file'],
    options: [
      ['--wait', 'show how far it is, and the outcome'],
      ['--api <url>', 'where the ingestion API is; default: MILLRACE_PUBLIC_URL, else MILLRACE_HOST and MILLRACE_PORT'],
      ['--domains <names>', 'only these domains, comma separated'],
      ['--callback <url>', 'where to POST the outcome'],
      ['--content-type <type>', 'what the file is; default: by its name'],
      ['--budget <duration>', 'how long it may take, as in 10s', milliseconds],
    ],
    examples: [
      ['ingest samples/orders.csv --wait', 'with a progress bar, then the outcome'],
      ['ingest orders.ndjson --domains orders --json', 'prints the id of the ingestion as JSON'],
    ],
    run: async (context, [file = ''], options) => {
      const { url, api } = clientOf(context.config, options.api);
      const { id } = await orUnreachable(url, api.ingest(await openAsBlob(await existing(file)), options.contentType ?? contentTypeOf(file), optionsOf(file, options)));
      if (!options.wait) return context.out.show({ id }, () => [`${id} is accepted; where it stands: millrace runs show ${id}`]);
      await orUnreachable(url, follow(context, api, id));
    },
  }, runner);
}

function clientOf({ MILLRACE_PUBLIC_URL: told, MILLRACE_HOST: host, MILLRACE_PORT: port, MILLRACE_API_KEY: apiKey }: Context['config'], asked: string | undefined): { readonly url: string; readonly api: MillraceClient } {
  const url = asked ?? told ?? `http://${host}:${port}`;
  return { url, api: new MillraceClient({ url, attempts: 2, ...(apiKey === undefined ? {} : { apiKey }) }) };
}

async function orUnreachable<T>(url: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (err) {
    if (!MillraceError.is(err, 'MILLRACE_API_UNREACHABLE')) throw err;
    throw cliErrors.error('MILLRACE_CLI_UNREACHABLE', `cannot reach the ingestion API at ${url}: start it (npm start), or say where it is with --api or MILLRACE_PUBLIC_URL`, { cause: err });
  }
}

async function existing(file: string): Promise<string> {
  const about = await stat(file).catch(() => undefined);
  if (about?.isFile()) return file;
  throw cliErrors.error('MILLRACE_CLI_ARGUMENT', `there is no file ${file}`);
}

function contentTypeOf(file: string): string {
  const contentType = contentTypes[extname(file).toLowerCase()];
  if (contentType) return contentType;
  throw cliErrors.error('MILLRACE_CLI_ARGUMENT', `cannot tell what kind of data ${file} is: give --content-type, or a name that ends in one of ${Object.keys(contentTypes).join(', ')}`);
}

const optionsOf = (file: string, { domains, callback, budget }: IngestOptions) => ({
  filename: basename(file),
  ...(domains === undefined ? {} : { domains: domains.split(',') }),
  ...(callback === undefined ? {} : { callback }),
  ...(budget === undefined ? {} : { budgetMs: budget }),
});

/** Shows how far an ingestion is until its outcome is there, then the outcome. */
async function follow({ out, interrupted }: Context, api: MillraceClient, id: string): Promise<void> {
  const began = systemClock.monotonic();
  const tasks = new Map<string, TaskView>();
  for await (const event of api.events(id, interrupted)) {
    if (event.type === 'task') tasks.set(event.task.step, event.task);
    out.status(progressLine([...tasks.values()]));
  }
  out.status('');
  const view = await api.get(id);
  out.show(view, () => outcomeLines(out, view, systemClock.monotonic() - began));
}

const open: ReadonlySet<string> = new Set(['waiting', 'ready', 'running']);

function progressLine(tasks: readonly TaskView[]): string {
  const done = tasks.filter(({ status }) => !open.has(status)).length;
  const running = tasks.filter(({ status }) => status === 'running').map(({ task }) => task);
  return `${bar(done, tasks.length)}  ${done} of ${tasks.length} tasks  ${running.join(', ')}`;
}

function outcomeLines(out: Output, { id, status, tasks, outcome }: IngestionView, ms: number): readonly string[] {
  const colour = status === 'completed' ? 'green' : status === 'partial' ? 'yellow' : 'red';
  const insights = Object.keys(outcome?.data.insights ?? {}).toSorted();
  const failed = tasks.flatMap(({ task, error }) => (error ? [`  ${out.colour('red', task)}  ${error.message}`] : []));
  return [`${id} is ${out.colour(colour, status)} after ${duration(ms)}: ${insights.join(', ') || 'no insights'}`, ...failed];
}
