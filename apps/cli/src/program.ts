import completion from '@bomb.sh/tab/commander';
import { millraceVersion } from '@millrace/control';
import { Command, type OutputConfiguration } from 'commander';
import type { Runner } from './command-spec.js';
import { addCallbackCommands } from './commands/callbacks.js';
import { addDeadLetterCommands } from './commands/dead-letters.js';
import { addEndpointCommands } from './commands/endpoints.js';
import { addEventsCommand } from './commands/events.js';
import { addIngestCommand } from './commands/ingest.js';
import { addKeyCommands } from './commands/keys.js';
import { addQueueCommands } from './commands/queues.js';
import { addRateLimitCommands } from './commands/rate-limits.js';
import { addRunCommands } from './commands/runs.js';
import { addScheduleCommands } from './commands/schedules.js';
import { addTenantCommands } from './commands/tenants.js';
import { addWorkerChangeCommands } from './commands/workers-change.js';
import { addWorkerCommands } from './commands/workers.js';

/** Adds a group of commands to the program. */
type AddCommands = (program: Command, runner: Runner) => void;

/** Every group of commands, in the order of the help. New ones have a file of their own under `commands`. */
const groups: readonly AddCommands[] = [
  addWorkerCommands,
  addWorkerChangeCommands,
  addQueueCommands,
  addDeadLetterCommands,
  addRateLimitCommands,
  addRunCommands,
  addIngestCommand,
  addEventsCommand,
  addScheduleCommands,
  addKeyCommands,
  addTenantCommands,
  addEndpointCommands,
  addCallbackCommands,
];

const about = `Looks after a Millrace deployment: workers, queues, runs, schedules, events.

It reads the environment variables that the services read (docs/config.md). Without any, in a folder where \`npm start\` runs, it talks to what runs there.`;

/** The whole command line; `runner` carries commands out, help and complaints go to `output`. */
export function createProgram(runner: Runner, output: OutputConfiguration = {}): Command {
  const program = new Command('millrace').description(about).version(millraceVersion).helpCommand(false).showHelpAfterError('(--help shows what it takes)').exitOverride();
  program.configureOutput(output).configureHelp({ sortSubcommands: false, showGlobalOptions: false });
  for (const add of groups) add(program, runner);
  completion(program);
  return program;
}
