import type { Command } from 'commander';
import type { EndpointAdmin, EndpointChange, EndpointView } from '@millrace/webhooks';
import { addCommand, addGroup, type Context, type Runner } from '../command-spec.js';
import type { Output } from '../output/output.js';
import { duration, moment } from '../output/words.js';
import { headerLines, milliseconds, oneOf, whole } from '../read-options.js';

interface OfTenant {
  readonly tenant?: string;
}

const tenantOption = ['--tenant <tenant>', 'whose; default: default'] as const;
const originArgument = 'scheme, host and port; "https://*.example.com" for all names below one, "*" for all';

export function addEndpointCommands(program: Command, runner: Runner): void {
  const group = addGroup(program, 'endpoints', 'Say how callbacks go to the endpoints of a tenant');
  addList(group, runner);
  addShow(group, runner);
  addSet(group, runner);
  addRotate(group, runner);
  addDisable(group, runner);
  addEnable(group, runner);
}

function addList(group: Command, runner: Runner): void {
  addCommand<OfTenant>(group, {
    usage: 'list',
    summary: 'Show the endpoints of which something is said, without secrets',
    options: [tenantOption],
    examples: [['endpoints list --tenant acme', 'those of acme']],
    run: async (context, _, { tenant = 'default' }) => {
      const { out } = context;
      const endpoints = await (await adminOf(context)).list(tenant);
      const columns = ['ENDPOINT', 'SECRETS', 'HEADERS', 'HTTP', 'AT ONCE', 'TIMEOUT', 'STATE'].map((title) => ({ title }));
      out.show(endpoints, () => (endpoints.length === 0 ? [`Tenant ${tenant} says nothing of its endpoints; they are as the deployment has them.`] : out.table(columns, endpoints.map((endpoint) => rowOf(out, endpoint)))));
    },
  }, runner);
}

function rowOf(out: Output, { origin, secrets, headers, allowHttp, maxInFlight, timeoutMs, disabled }: EndpointView): readonly string[] {
  const http = allowHttp === undefined ? '-' : allowHttp ? 'yes' : 'no';
  const state = disabled ? out.colour('red', `disabled (${disabled.reason})`) : 'enabled';
  return [origin, `${secrets.length || '-'}`, `${headers.length || '-'}`, http, `${maxInFlight ?? '-'}`, timeoutMs === undefined ? '-' : duration(timeoutMs), state];
}

function addShow(group: Command, runner: Runner): void {
  addCommand<OfTenant>(group, {
    usage: 'show <origin>',
    summary: 'Show what is said of an endpoint, without secrets',
    arguments: [originArgument],
    options: [tenantOption],
    examples: [['endpoints show https://hooks.example.com --tenant acme', 'its secrets by kind, the names of its headers, and its settings']],
    run: async (context, [origin = ''], { tenant = 'default' }) => show(context, await (await adminOf(context)).get(tenant, origin)),
  }, runner);
}

interface SetOptions extends OfTenant, Pick<EndpointChange, 'allowHttp' | 'maxInFlight'> {
  readonly timeout?: number;
  readonly header?: EndpointChange['headers'];
  readonly reset?: true;
}

function addSet(group: Command, runner: Runner): void {
  addCommand<SetOptions>(group, {
    usage: 'set <origin>',
    summary: 'Say how callbacks go to an endpoint',
    about: 'What is not named stays as it is. Dispatchers know of it after about 15 s.',
    arguments: [originArgument],
    options: [
      tenantOption,
      ['--allow-http', 'callbacks may go over http, to port 80 too'],
      ['--no-allow-http', 'over https alone'],
      ['--max-in-flight <count>', 'callbacks under way at once, for each dispatcher', whole(1, 100)],
      ['--timeout <duration>', 'for an attempt in all: 1s to 30s', milliseconds],
      ['--header <line>', 'goes with every callback, as in "x-team: orders"; may come again', headerLines],
      ['--reset', 'forget the settings of before first, headers too, but not the secrets'],
    ],
    examples: [
      ['endpoints set https://hooks.example.com --tenant acme --max-in-flight 3 --timeout 5s', 'three callbacks at once, five seconds each'],
      ['endpoints set "https://*.example.com" --header "authorization: Bearer hush"', 'a header for all names below one'],
      ['endpoints set https://hooks.example.com --reset', 'as the deployment has it, with its own secrets'],
    ],
    run: async (context, [origin = ''], { tenant = 'default', ...options }) => {
      show(context, await (await adminOf(context)).change(tenant, origin, (there) => changed(there, options)));
    },
  }, runner);
}

function changed(there: EndpointChange, { allowHttp, maxInFlight, timeout, header, reset }: Omit<SetOptions, 'tenant'>): EndpointChange {
  const { headers, ...kept } = reset ? { disabled: there.disabled } : there;
  return {
    ...kept,
    ...(allowHttp !== undefined && { allowHttp }),
    ...(maxInFlight !== undefined && { maxInFlight }),
    ...(timeout !== undefined && { timeoutMs: timeout }),
    ...((headers ?? header) && { headers: { ...headers, ...header } }),
  };
}

const kinds = ['shared', 'key-pair'] as const;
const graceMs = 86_400_000;

function addRotate(group: Command, runner: Runner): void {
  addCommand<OfTenant & { readonly kind?: (typeof kinds)[number]; readonly grace?: number }>(group, {
    usage: 'rotate <origin>',
    summary: 'Make a new signing secret for an endpoint',
    about: 'It is shown once. It signs from now on, and those of before beside it until the grace is over; the first takes the place of the deployment’s at once.',
    arguments: [originArgument],
    options: [
      tenantOption,
      ['--kind <kind>', 'shared (HMAC, whsec_) or key-pair (ed25519, shows the public key); default: shared', oneOf(kinds)],
      ['--grace <duration>', `how long the old ones still sign; default: ${duration(graceMs)}`, milliseconds],
    ],
    examples: [['endpoints rotate https://hooks.example.com --tenant acme --grace 7d', 'a week for the receiver to change over']],
    run: async (context, [origin = ''], { tenant = 'default', kind = 'shared', grace = graceMs }) => {
      const verifyWith = await (await adminOf(context)).rotate(tenant, origin, { kind, graceMs: grace });
      context.out.show({ origin, verifyWith }, () => [`Receivers at ${origin} of ${tenant} verify with:`, '', `  ${verifyWith}`, '', `It is not shown again. Secrets of its own from before sign for another ${duration(grace)}.`]);
    },
  }, runner);
}

function addDisable(group: Command, runner: Runner): void {
  addCommand<OfTenant>(group, {
    usage: 'disable <origin>',
    summary: 'Let no more callbacks go to an endpoint',
    about: 'Those that come due end at once and are listed by `callbacks list`; new ingestions that name it are refused.',
    arguments: [originArgument],
    options: [tenantOption],
    examples: [['endpoints disable https://hooks.example.com --tenant acme', 'no callbacks until it is enabled']],
    run: async (context, [origin = ''], { tenant = 'default' }) => show(context, await (await adminOf(context)).change(tenant, origin, (there) => ({ ...there, disabled: true }))),
  }, runner);
}

function addEnable(group: Command, runner: Runner): void {
  addCommand<OfTenant>(group, {
    usage: 'enable <origin>',
    summary: 'Let callbacks go to an endpoint again',
    about: 'Whatever it was disabled for. What ended meanwhile can be sent by `callbacks replay`.',
    arguments: [originArgument],
    options: [tenantOption],
    examples: [['endpoints enable https://hooks.example.com --tenant acme', 'callbacks go there again']],
    run: async (context, [origin = ''], { tenant = 'default' }) => show(context, await (await adminOf(context)).change(tenant, origin, (there) => ({ ...there, disabled: false }))),
  }, runner);
}

async function adminOf({ config, session }: Context): Promise<EndpointAdmin> {
  const { openEndpointAdmin } = await import('@millrace/webhooks');
  return openEndpointAdmin(config.MILLRACE_KEYS, await session());
}

function show({ out }: Context, endpoint: EndpointView): void {
  const { origin, secrets, headers, allowHttp, maxInFlight, timeoutMs, disabled } = endpoint;
  out.show(endpoint, () => [
    out.colour('bold', origin),
    ...(disabled ? [out.colour('red', `disabled   ${disabled.reason}, since ${moment(Date.parse(disabled.at))}`)] : []),
    `secrets    ${secrets.length === 0 ? 'none of its own' : secrets.map(secretText).join(', ')}`,
    `headers    ${headers.join(', ') || 'none of its own'}`,
    `http       ${allowHttp === undefined ? byDefault : allowHttp ? 'allowed' : 'not allowed'}`,
    `at once    ${maxInFlight ?? byDefault}`,
    `timeout    ${timeoutMs === undefined ? byDefault : duration(timeoutMs)}`,
  ]);
}

const byDefault = 'as usual';

const secretText = ({ kind, publicKey, expiresAt }: EndpointView['secrets'][number]): string =>
  `${publicKey ?? kind}${expiresAt === undefined ? '' : ` until ${moment(Date.parse(expiresAt))}`}`;
