import type { Command } from 'commander';
import { TenantDirectory } from '@millrace/tenants';
import { addCommand, addGroup, type Runner } from '../command-spec.js';
import { positive, whole } from '../read-options.js';

interface Limits {
  readonly perMinute?: number;
  readonly burst?: number;
  readonly maxInFlight?: number;
}

export function addTenantCommands(program: Command, runner: Runner): void {
  const group = addGroup(program, 'tenants', 'Limit what a tenant may take of the deployment');
  addCommand<Limits>(group, {
    usage: 'limit <tenant>',
    summary: 'Set a tenant’s limits',
    about: 'They take the place of the deployment’s, and of those that were set before; without options, the deployment’s hold again. In force within half a minute.',
    arguments: ['the tenant’s name'],
    options: [
      ['--per-minute <count>', 'ingestions a minute, in the long run', positive],
      ['--burst <count>', 'ingestions at once; default: a tenth of a minute’s', whole(1, 1_000_000)],
      ['--max-in-flight <count>', 'ingestions under way at once', whole(1, 1_000_000)],
    ],
    examples: [
      ['tenants limit acme --per-minute 600 --max-in-flight 50', 'ten a second, fifty under way'],
      ['tenants limit acme', 'as any other tenant'],
    ],
    run: async ({ session, out }, [tenant = ''], limits) => {
      const { documents, clock } = await session();
      const { perMinute, burst, maxInFlight } = limits;
      const settings = { ...(perMinute && { perMinute }), ...(burst && { burst }), ...(maxInFlight && { maxInFlight }) };
      await new TenantDirectory(documents, {}, clock).change(tenant, settings);
      out.show({ tenant, ...settings }, () => [`${tenant} may take ${[perMinute && `${perMinute} a minute`, maxInFlight && `${maxInFlight} under way`].filter(Boolean).join(', ') || 'what the deployment allows'}.`]);
    },
  }, runner);
}
