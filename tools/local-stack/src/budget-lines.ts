import type { BudgetReport } from '@millrace/contracts';
import { tableLines } from './table.js';

const barWidth = 32;

/** Where the milliseconds of one ingestion went: a row for each step, with a bar on a common time line. */
export function budgetLines(report: BudgetReport): string[] {
  const perMs = barWidth / Math.max(1, report.usedMs);
  const rows = report.steps.map(({ task, readyMs, queueMs, runMs, overheadMs }) => [
    task,
    ...[readyMs, queueMs, runMs, overheadMs].map(milliseconds),
    bar([readyMs * perMs, queueMs * perMs, (runMs + overheadMs) * perMs]),
  ]);
  const numbers = ['ready at', 'queue', 'run', 'overhead'].map((title) => ({ title, align: 'right' }) as const);
  return tableLines([{ title: 'task' }, ...numbers, { title: '░ queue  █ run and overhead' }], rows);
}

const milliseconds = (ms: number): string => `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;

function bar([before = 0, queued = 0, working = 0]: readonly number[]): string {
  const ready = within(before, 0, barWidth - 1);
  const begun = within(before + queued, ready, barWidth - 1);
  const ended = within(before + queued + working, begun + 1, barWidth);
  return ' '.repeat(ready) + '░'.repeat(begun - ready) + '█'.repeat(ended - begun);
}

const within = (position: number, least: number, most: number): number => Math.min(most, Math.max(least, Math.round(position)));
