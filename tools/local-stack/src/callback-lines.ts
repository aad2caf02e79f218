import type { CallbackEvent } from '@millrace/contracts';
import type { Colors } from 'picocolors/types.js';
import { budgetLines } from './budget-lines.js';
import { valueLines } from './value-lines.js';

const status = { completed: 'green', partial: 'yellow', failed: 'red' } as const;

/** A callback for people: what became of the ingestion, the datasets, the insights, and where the time went. */
export function callbackLines({ data }: CallbackEvent, colours: Colors): string[] {
  const heading = (text: string) => ['', colours.bold(text)];
  const { budget } = data;
  return [
    `${colours[status[data.status]](data.status)} ${colours.dim(data.ingestionId)}`,
    ...problemLines(data, colours),
    ...(data.resultUrl ? [`the results are too large for a callback: ${data.resultUrl}`] : []),
    ...namedLines(heading('Datasets'), data.datasets, colours),
    ...namedLines(heading('Insights'), data.insights, colours),
    ...heading(`Where the time went: ${Math.round(budget.usedMs)} of ${budget.budgetMs} ms`),
    ...budgetLines(budget).map((line) => `  ${line}`),
  ];
}

function problemLines({ tasks }: CallbackEvent['data'], colours: Colors): string[] {
  const problems = tasks.filter((task) => task.status !== 'succeeded');
  return problems.map((task) => colours.yellow(`  ${task.task}: ${task.status}${task.error ? ` (${task.error.message})` : ''}`));
}

function namedLines(heading: readonly string[], values: Readonly<Record<string, unknown>>, colours: Colors): string[] {
  const entries = Object.entries(values);
  if (entries.length === 0) return [];
  const blocks = entries.flatMap(([name, value]) => [`  ${colours.cyan(name)}`, ...valueLines(value).map((line) => `    ${line}`)]);
  return [...heading, ...blocks];
}
