import type { Command } from 'commander';
import { RateLimits } from '@millrace/control';
import { addCommand, addGroup, type Runner } from '../command-spec.js';
import { positive, whole } from '../read-options.js';

export function addRateLimitCommands(program: Command, runner: Runner): void {
  const group = addGroup(program, 'rate-limits', 'Limit how often tasks begin, over all workers');
  addList(group, runner);
  addSet(group, runner);
  addClear(group, runner);
}

function addList(group: Command, runner: Runner): void {
  addCommand(group, {
    usage: 'list',
    summary: 'Show the rate limits that are set',
    examples: [['rate-limits list', 'every limit that was set by hand']],
    run: async ({ session, out }) => {
      const limits = await new RateLimits((await session()).documents).list();
      const columns = [{ title: 'TASK' }, { title: 'PER SECOND', align: 'right' }, { title: 'BURST', align: 'right' }] as const;
      out.show(limits, () => (limits.length === 0 ? ['No rate limit is set.'] : out.table(columns, limits.map(({ name, perSecond, burst }) => [name, `${perSecond}`, `${burst}`]))));
    },
  }, runner);
}

function addSet(group: Command, runner: Runner): void {
  addCommand<{ readonly burst?: number }>(group, {
    usage: 'set <task> <perSecond>',
    summary: 'Let a task begin at most so often, over all workers',
    about: 'Holds for what is begun from now on, until it is cleared.',
    arguments: ['the task’s name, or task/key for one key of it', 'how often per second in the long run'],
    options: [['--burst <count>', 'how often at once; default: perSecond, at least 1', whole(1, 1_000_000)]],
    examples: [
      ['rate-limits set orders.segments 5', 'at most five per second'],
      ['rate-limits set mail.send/acme 0.5 --burst 3', 'one key: every two seconds, three at once'],
    ],
    run: async ({ session, out }, [name = '', rate = ''], { burst }) => {
      const perSecond = positive(rate);
      const limit = { name, perSecond, burst: burst ?? Math.max(1, Math.ceil(perSecond)) };
      await new RateLimits((await session()).documents).set(limit);
      out.show(limit, () => [`${name} may begin ${limit.perSecond} times per second, ${limit.burst} at once.`]);
    },
  }, runner);
}

function addClear(group: Command, runner: Runner): void {
  addCommand(group, {
    usage: 'clear <task>',
    summary: 'Forget a rate limit; the one in the code counts again',
    arguments: ['as it was set'],
    examples: [['rate-limits clear orders.segments', 'back to what the code says']],
    run: async ({ session, out }, [name = '']) => {
      const cleared = await new RateLimits((await session()).documents).clear(name);
      out.show({ name, cleared }, () => [cleared ? `The rate limit of ${name} is cleared.` : `There was no rate limit of ${name}.`]);
    },
  }, runner);
}
