import { type Column, tableLines } from '@millrace/local-stack';
import type { LoadSummary, Ratio } from './summary.js';

/** A row of the table. */
export interface Measure {
  /** The name of the figure. */
  readonly figure: string;
  readonly title: string;
}

const names: Readonly<Record<string, string>> = { millrace: 'Millrace', bullmq: 'BullMQ', celery: 'Celery' };
const nameOf = (system: string): string => names[system] ?? system;

/** A table for each load: medians of every system, then the ratios to the reference with their spread over the rounds. */
export function comparisonLines(summaries: readonly LoadSummary[], measures: readonly Measure[], reference: string): string[] {
  return summaries.flatMap((summary) => ['', ...loadLines(summary, measures, reference)]);
}

function loadLines({ load, medians, ratios }: LoadSummary, measures: readonly Measure[], reference: string): string[] {
  const systems = Object.keys(medians);
  const others = Object.keys(ratios);
  const titles = [...systems.map(nameOf), ...others.map((system) => `${nameOf(reference)} : ${nameOf(system)}`)];
  const columns: Column[] = [{ title: load }, ...titles.map((title) => ({ title, align: 'right' }) as const)];
  const known = measures.filter(({ figure }) => systems.some((system) => medians[system]?.[figure] !== undefined));
  const rows = known.map(({ figure, title }) => [
    title,
    ...systems.map((system) => digits(medians[system]?.[figure])),
    ...others.map((system) => ratioText(ratios[system]?.[figure])),
  ]);
  return tableLines(columns, rows);
}

function ratioText(ratio: Ratio | undefined): string {
  if (!ratio) return '–';
  const { median, least, most } = ratio;
  const spread = least === most ? '' : ` (${digits(least)}–${digits(most)})`;
  return `1 : ${digits(median)}${spread}`;
}

/** Three digits that count; whole numbers from 100 on. */
function digits(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '–';
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
