import type { Command } from 'commander';
import type { DeadCallback, Replay } from '@millrace/webhooks';
import { addCommand, addGroup, type Context, type Runner } from '../command-spec.js';
import { cliErrors } from '../errors.js';
import { moment } from '../output/words.js';
import { oneOf, whole } from '../read-options.js';

export function addCallbackCommands(program: Command, runner: Runner): void {
  const group = addGroup(program, 'callbacks', 'Look at callbacks that nobody took, and send them again');
  addList(group, runner);
  addReplay(group, runner);
}

const states = ['exhausted', 'disabled'] as const;

interface ListOptions {
  readonly tenant?: string;
  readonly state?: (typeof states)[number];
  readonly limit?: number;
}

function addList(group: Command, runner: Runner): void {
  addCommand<ListOptions>(group, {
    usage: 'list',
    summary: 'Show the callbacks of a tenant that nobody took, the oldest first',
    about: 'They are kept for 15 days, and no longer shown once they are replayed.',
    options: [
      ['--tenant <tenant>', 'whose; default: default'],
      ['--state <state>', 'only exhausted ones, whose tenth attempt failed, or those that ended as their endpoint was disabled', oneOf(states)],
      ['--limit <count>', 'at most so many; default: 20', whole(1, 1_000)],
    ],
    examples: [
      ['callbacks list --tenant acme', 'the first 20 of acme, and why'],
      ['callbacks list --tenant acme --state disabled --limit 1000', 'what to replay once the endpoint is enabled'],
    ],
    run: async (context, _, { tenant = 'default', state, limit = 20 }) => {
      const { out } = context;
      const callbacks = await deadOf(context, { tenant, state, limit });
      const columns = [{ title: 'RUN' }, { title: 'STATE' }, { title: 'ENDED' }, { title: 'ATTEMPTS', align: 'right' }, { title: 'ENDPOINT' }, { title: 'REASON' }] as const;
      out.show(callbacks, () =>
        callbacks.length === 0
          ? [`Tenant ${tenant} has no${state === undefined ? '' : ` ${state}`} callbacks that nobody took.`]
          : out.table(columns, callbacks.map(({ run, status, at, attempts, origin, reason }) => [run, status === 'exhausted' ? 'exhausted' : 'disabled', moment(at), `${attempts}`, origin, reason.slice(0, 100)])),
      );
    },
  }, runner);
}

/** Page after page until there are enough of them. */
async function deadOf({ session }: Context, { tenant, state, limit }: { tenant: string; state: ListOptions['state']; limit: number }): Promise<readonly DeadCallback[]> {
  const { DeadCallbacks } = await import('@millrace/webhooks');
  const dead = new DeadCallbacks((await session()).documents);
  const status = state === 'disabled' ? 'endpoint-disabled' : state;
  const found: DeadCallback[] = [];
  for (let after: string | undefined; ; ) {
    const page = await dead.find(tenant, { limit: limit - found.length, ...(status && { status }), ...(after !== undefined && { after }) });
    found.push(...page.callbacks);
    after = page.next;
    if (after === undefined || found.length === limit) return found;
  }
}

function addReplay(group: Command, runner: Runner): void {
  addCommand(group, {
    usage: 'replay <run>',
    summary: 'Send the callback of a run once more',
    about: 'Whatever became of it: the same bytes under the same webhook-id, with up to ten new attempts.',
    arguments: ['the run’s id'],
    examples: [['callbacks replay ing_0abc', 'it is sent within seconds']],
    run: async (context, [id = '']) => {
      const replay = await replayOf(context, id);
      if (replay.kind !== 'replayed') throw cliErrors.error('MILLRACE_CLI_ARGUMENT', whyNot(id, replay));
      context.out.show({ run: id, status: replay.run.status }, () => [`The callback of ${id} will be sent within seconds; \`runs show ${id}\` tells what comes of it.`]);
    },
  }, runner);
}

/** The sweeper of the orchestrator finds it due, as the command line has no routes to send it by. */
async function replayOf({ config, session }: Context, id: string): Promise<Replay> {
  const { DeadCallbacks, openEndpoints, replayCallback } = await import('@millrace/webhooks');
  const connected = await session();
  const run = await connected.runs.read(id);
  if (!run) return { kind: 'unknown' };
  const { endpoints } = openEndpoints({ keys: config.MILLRACE_KEYS, secrets: [] }, connected);
  const leftToSweeper = { followUp: { due: async () => [] }, hints: { send: () => undefined } };
  return replayCallback({ tenant: run.tenant, run: id }, { ...connected, ...leftToSweeper, endpoints, dead: new DeadCallbacks(connected.documents) });
}

function whyNot(id: string, replay: Exclude<Replay, { readonly kind: 'replayed' }>): string {
  switch (replay.kind) {
    case 'unknown':
      return `there is no run ${id}, or what it called back with is not kept any more`;
    case 'no-callback':
      return `run ${id} was begun without a callback`;
    case 'disabled':
      return `the endpoint ${replay.origin} of its tenant is disabled; enable it first (endpoints enable)`;
    default:
      return `the callback of ${id} is still to come or under way (${replay.status})`;
  }
}
