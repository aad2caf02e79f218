import type { Command } from 'commander';
import { isActive, type ApiKey, type KeyInfo, KeyRing, type Scope, scopes } from '@millrace/tenants';
import { addCommand, addGroup, type Context, type Runner } from '../command-spec.js';
import { cliErrors } from '../errors.js';
import { duration, moment } from '../output/words.js';
import { milliseconds } from '../read-options.js';

/** How long the old key is good beside the new one, unless said otherwise. */
const graceMs = 86_400_000;

export function addKeyCommands(program: Command, runner: Runner): void {
  const group = addGroup(program, 'keys', 'Issue, rotate and revoke the API keys of tenants');
  addList(group, runner);
  addIssue(group, runner);
  addRotate(group, runner);
  addRevoke(group, runner);
}

function addList(group: Command, runner: Runner): void {
  addCommand(group, {
    usage: 'list [tenant]',
    summary: 'Show API keys, without their secrets',
    arguments: ['only those of this tenant'],
    examples: [['keys list acme', 'the keys of acme, the revoked ones too']],
    run: async (context, [tenant]) => {
      const keys = await (await ringOf(context)).list(tenant);
      const now = (await context.session()).clock.now();
      const columns = ['KEY', 'TENANT', 'SCOPES', 'ISSUED', 'STATE'].map((title) => ({ title }));
      const rows = keys.map((key) => [key.id, key.tenant, key.scopes.join(' '), moment(key.createdAt), stateOf(key, now)]);
      context.out.show(keys, () => (keys.length === 0 ? ['There are no API keys.'] : context.out.table(columns, rows)));
    },
  }, runner);
}

function addIssue(group: Command, runner: Runner): void {
  addCommand<{ readonly scopes?: readonly Scope[]; readonly expires?: number }>(group, {
    usage: 'issue <tenant>',
    summary: 'Issue an API key to a tenant',
    about: 'The key is shown once and stored nowhere. A tenant has at most two active keys, the old and the new one while it changes over.',
    arguments: ['lower-case letters, digits, dashes and underscores'],
    options: [
      ['--scopes <list>', `what it is good for, with commas: ${scopes.join(', ')}; default: ingest,read`, scopeList],
      ['--expires <duration>', 'how long it is good; default: until it is revoked', milliseconds],
    ],
    examples: [
      ['keys issue acme', 'a key to send data and to read what became of it'],
      ['keys issue acme --scopes read --expires 90d', 'one that only reads, for ninety days'],
    ],
    run: async (context, [tenant = ''], { scopes: granted = ['ingest', 'read'], expires }) => {
      const { clock } = await context.session();
      const key = await (await ringOf(context)).issue({ tenant, scopes: granted, ...(expires === undefined ? {} : { expiresAt: clock.now() + expires }) });
      showNew(context, key, `A key of ${tenant}, good for ${granted.join(' and ')}:`);
    },
  }, runner);
}

function addRotate(group: Command, runner: Runner): void {
  addCommand<{ readonly grace?: number }>(group, {
    usage: 'rotate <key>',
    summary: 'Issue a key like this one, which ends after a grace',
    arguments: ['the key’s id, as `keys list` shows it'],
    options: [['--grace <duration>', `how long the old one is still good; default: ${duration(graceMs)}`, milliseconds]],
    examples: [['keys rotate 4fQ0bZk91xYp --grace 7d', 'a week to change over']],
    run: async (context, [id = ''], { grace = graceMs }) => {
      const key = await (await ringOf(context)).rotate(id, grace);
      showNew(context, key, `In the place of ${id}, which is good for another ${duration(grace)}:`);
    },
  }, runner);
}

function addRevoke(group: Command, runner: Runner): void {
  addCommand(group, {
    usage: 'revoke <key>',
    summary: 'Void an API key, within half a minute everywhere',
    arguments: ['the key’s id, as `keys list` shows it'],
    examples: [['keys revoke 4fQ0bZk91xYp', 'nobody gets in with it any more']],
    run: async (context, [id = '']) => {
      const key = await (await ringOf(context)).revoke(id);
      context.out.show(key, () => [`The key ${key.id} of ${key.tenant} is revoked; processes that have seen it believe it for up to 30 s.`]);
    },
  }, runner);
}

async function ringOf({ config, session }: Context): Promise<KeyRing> {
  const { documents, clock, random } = await session();
  if (config.MILLRACE_API_KEY_PEPPER !== undefined) return new KeyRing(documents, config.MILLRACE_API_KEY_PEPPER, { clock, random });
  throw cliErrors.error('MILLRACE_CLI_ARGUMENT', 'keys are stored under MILLRACE_API_KEY_PEPPER; set it to what the ingestion API has');
}

function showNew({ out }: Context, { id, token }: ApiKey, about: string): void {
  out.show({ id, token }, () => [about, '', `  ${token}`, '', 'It is not shown again. Send it as: Authorization: Bearer <key>']);
}

function stateOf(key: KeyInfo, now: number): string {
  if (key.revokedAt !== undefined) return `revoked ${moment(key.revokedAt)}`;
  if (!isActive(key, now)) return 'expired';
  return key.expiresAt === undefined ? 'active' : `active until ${moment(key.expiresAt)}`;
}

function scopeList(text: string): readonly Scope[] {
  const named = text.split(',').map((name) => name.trim());
  const unknown = named.find((name) => !scopes.some((scope) => scope === name));
  if (unknown !== undefined) throw cliErrors.error('MILLRACE_CLI_ARGUMENT', `${JSON.stringify(unknown)} is no scope; there are ${scopes.join(', ')}`);
  return scopes.filter((scope) => named.includes(scope));
}
