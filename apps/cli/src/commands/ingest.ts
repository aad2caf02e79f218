import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { sleep, systemClock } from '@millrace/kernel';
import { IngestionApi } from '../ingestion-api.js';
import { addCommand, type Context, type Runner } from '../command-spec.js';
import { cliErrors } from '../errors.js';
import { bar } from '../output/bar.js';
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
    arguments: ['a .csv, .ndjson, .jsonl or .json file'],
    options: [
      ['--wait', 'show how far it is, and the outcome'],
      ['--api <url>', 'where the ingestion API listens; default: MILLRACE_PUBLIC_URL, else MILLRACE_HOST and MILLRACE_PORT'],
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
      const api = new IngestionApi(options.api ?? apiUrl(context.config));
      const { id } = await api.ingest(await openAsBlob(await existing(file)), { contentType: options.contentType ?? contentTypeOf(file), query: queryOf(file, options) });
      if (!options.wait) return context.out.show({ id }, () => [`${id} is accepted; where it stands: millrace runs show ${id}`]);
      await follow(context, api, id);
    },
  }, runner);
}

const apiUrl = ({ MILLRACE_PUBLIC_URL: url, MILLRACE_HOST: host, MILLRACE_PORT: port }: Context['config']): string => url ?? `http://${host}:${port}`;

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

function queryOf(file: string, { domains, callback, budget }: IngestOptions): Readonly<Record<string, string>> {
  return {
    filename: basename(file),
    ...(domains === undefined ? {} : { domains }),
    ...(callback === undefined ? {} : { callback }),
    ...(budget === undefined ? {} : { budgetMs: String(budget) }),
  };
}

const lookEveryMs = 150;
const over: ReadonlySet<string> = new Set(['completed', 'partial', 'failed', 'cancelled']);

async function follow({ out, interrupted }: Context, api: IngestionApi, id: string): Promise<void> {
  const began = systemClock.monotonic();
  for (;;) {
    const view = await api.view(id);
    const done = view.tasks.filter(({ status }) => status !== 'waiting' && status !== 'ready' && status !== 'running').length;
    const running = view.tasks.filter(({ status }) => status === 'running').map(({ task }) => task);
    out.status(`${bar(done, view.tasks.length)}  ${done} of ${view.tasks.length} tasks  ${running.join(', ')}`);
    if (over.has(view.status) || interrupted.aborted) {
      out.status('');
      const colour = view.status === 'completed' ? 'green' : view.status === 'partial' ? 'yellow' : 'red';
      const failed = view.tasks.flatMap(({ task, error }) => (error ? [`  ${out.colour('red', task)}  ${error.message}`] : []));
      const insights = Object.keys(view.outcome?.data.insights ?? {});
      return out.show(view, () => [`${id} is ${out.colour(colour, view.status)} after ${duration(systemClock.monotonic() - began)}: ${insights.join(', ') || 'no insights'}`, ...failed]);
    }
    await sleep(systemClock, lookEveryMs, interrupted);
  }
}
