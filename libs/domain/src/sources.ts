import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import { type RowFile, rowFile, type RowReport } from '@millrace/frame';
import { MillraceError } from '@millrace/kernel';
import type { TaskContext } from '@millrace/tasks';
import { z } from 'zod';

/** What a dataset task is given. */
export const dataFiles = z.array(artifactRef).min(1).readonly();

/** A file as a dataset task reads it. */
export interface Source extends RowFile {
  readonly name: string;
  /** The text it begins with. */
  readonly head: string;
  /** Rows of the files before it: a dataset counts rows through all files. */
  readonly rowsBefore: number;
}

/** What came of reading a file. */
export interface SourceRead {
  readonly name: string;
  /** What the file is: its format, and what else its domain tells of it. */
  readonly about: Readonly<Record<string, string>>;
  readonly rows: RowReport;
}

/** A file that went into a dataset. */
export interface SourceFile {
  readonly name: string;
  readonly rows: number;
}

type ReadSource = (source: Source) => Promise<Omit<SourceRead, 'name'>>;

/**
 * Reads files one after another, so that only one is in memory. Files of one ingestion are taken for one shop's: equal ids
 * mean the same. Rejects with what `read` throws; with several files, its message says which one is meant.
 */
export async function readSources(ctx: Pick<TaskContext, 'artifacts' | 'signal'>, files: readonly ArtifactRef[], read: ReadSource): Promise<readonly SourceRead[]> {
  const reads: SourceRead[] = [];
  let rowsBefore = 0;
  for (const [index, file] of files.entries()) {
    ctx.signal.throwIfAborted();
    const name = nameOf(file, index);
    const source = { ...rowFile(await ctx.artifacts.read(file), file.contentType), name, rowsBefore };
    const found = await read(source).catch((thrown: unknown) => {
      throw files.length > 1 ? ofFile(thrown, index) : thrown;
    });
    reads.push({ ...found, name });
    rowsBefore += found.rows.rows;
  }
  return reads;
}

/** What the sender calls a file. */
export const nameOf = ({ filename, field }: ArtifactRef, index: number): string => filename ?? field ?? `file ${index + 1}`;

function ofFile(thrown: unknown, index: number): unknown {
  if (!MillraceError.is(thrown)) return thrown;
  const { code, retryable, detail, message } = thrown;
  return new MillraceError({ code, retryable, detail: { ...detail, file: index + 1 }, message: `in file ${index + 1}: ${message}`, cause: thrown });
}

/** What came of all files together; examples of rejected rows are each file's own matter. */
export function rowsOf(reads: readonly SourceRead[]): Pick<RowReport, 'rows' | 'accepted' | 'rejected'> {
  const rejected: Record<string, number> = {};
  for (const { rows } of reads) for (const [reason, count] of Object.entries(rows.rejected)) rejected[reason] = (rejected[reason] ?? 0) + count;
  return { rows: total(reads, 'rows'), accepted: total(reads, 'accepted'), rejected };
}

const total = (reads: readonly SourceRead[], name: 'rows' | 'accepted'): number => reads.reduce((sum, { rows }) => sum + rows[name], 0);

/** A dataset's report: what was sent, what was left out and, of several files, of which. `figures` is the domain's part of it. */
export function sourcesReport(reads: readonly SourceRead[], figures: Readonly<Record<string, unknown>>, counted: 'rows' | 'lines' = 'rows') {
  const own = ({ about, rows: { rows, ...rest } }: SourceRead, middle: object) => ({ ...about, [counted]: rows, ...middle, ...rest });
  const [first, ...more] = reads;
  if (first && more.length === 0) return own(first, figures);
  const { rows, ...rest } = rowsOf(reads);
  return { [counted]: rows, ...figures, ...rest, files: reads.map((read) => ({ file: read.name, ...own(read, {}) })) };
}

/** None of the files has a usable row: how many rows there were and what is wrong with them, for an error. */
export function nothingUsable(reads: readonly SourceRead[], counted: 'rows' | 'lines' = 'rows') {
  const { rows, rejected } = rowsOf(reads);
  const reasons = Object.entries(rejected).map(([reason, count]) => `${count} × ${reason}`);
  const examples = reads.length === 1 ? { examples: reads[0]?.rows.examples } : {};
  const message = `none of the ${rows} ${counted} can be used (${reasons.join(', ')}); correct the export and send it again`;
  return { message, detail: { rows, rejected, ...examples } };
}

export const sourceFilesOf = (reads: readonly SourceRead[]): readonly SourceFile[] => reads.map(({ name, rows }) => ({ name, rows: rows.rows }));

/** Where a row of a dataset was sent: in which row, and of several files in which. */
export function placeOf(files: readonly SourceFile[], row: number): { readonly file?: string; readonly row: number } {
  if (files.length <= 1) return { row };
  let before = 0;
  for (const { name, rows } of files) {
    if (row <= before + rows) return { file: name, row: row - before };
    before += rows;
  }
  return { row };
}
