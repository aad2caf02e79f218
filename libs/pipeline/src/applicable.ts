import { type ArtifactRef, manifest, manifestContentType } from '@millrace/contracts';
import type { Domain, PayloadSample } from '@millrace/domain';
import { textHead } from '@millrace/frame';
import { defineErrors } from '@millrace/kernel';
import type { TaskContext } from '@millrace/tasks';
import { z } from 'zod';

export const pipelineErrors = defineErrors({
  MILLRACE_DOMAIN_UNKNOWN: { retryable: false, help: 'A domain was asked for that this deployment does not have; see the list in the message.' },
  MILLRACE_DOMAIN_NONE: { retryable: false, help: 'The data fits no domain; check its columns and content type, or name the domain with ?domains=.' },
});

/** How much of the data is looked at. */
const sampleBytes = 64 * 1024;

/** A domain, and which of the ingestion's files are its own, by their places; absent: all of them. */
export const share = z.strictObject({ domain: z.string(), files: z.array(z.int().nonnegative()).min(1).readonly().exactOptional() });
export type Share = Readonly<z.infer<typeof share>>;

/** What an ingestion sent in: its raw data, or the files that its manifest names. */
export async function filesOf({ raw, artifacts }: Pick<TaskContext, 'raw' | 'artifacts'>): Promise<readonly ArtifactRef[]> {
  if (raw.contentType !== manifestContentType) return [raw];
  return manifest.parse(JSON.parse(new TextDecoder().decode(await artifacts.read(raw)))).files;
}

/**
 * Which domains apply, and to which files. Those asked for by name take what is theirs of several files, and everything
 * when nothing is: their dataset task says what is wrong with it. Without names the content decides.
 * Rejects with MILLRACE_DOMAIN_UNKNOWN and MILLRACE_DOMAIN_NONE.
 */
export async function sharesOf(catalog: readonly Domain[], asked: readonly string[] | null, ctx: Pick<TaskContext, 'raw' | 'artifacts'>): Promise<readonly Share[]> {
  const named = asked && domainsNamed(catalog, asked);
  const files = await filesOf(ctx);
  if (named && files.length === 1) return named.map(({ name }) => ({ domain: name }));
  const samples = await Promise.all(files.map(async (file) => sampleOf(file, await ctx.artifacts.head(file, sampleBytes))));
  if (named) return named.map((domain) => shareOf(domain, samples) ?? { domain: domain.name });
  const shares = catalog.flatMap((domain) => shareOf(domain, samples) ?? []);
  if (shares.length > 0) return shares;
  throw pipelineErrors.error('MILLRACE_DOMAIN_NONE', `${wordsFor(samples)} none of the domains ${catalog.map(({ name }) => name).join(', ')}`);
}

/** Undefined when none of the files is the domain's. */
function shareOf(domain: Domain, samples: readonly PayloadSample[]): Share | undefined {
  const files = [...samples.entries()].flatMap(([index, sample]) => (domain.accepts(sample) ? [index] : []));
  if (files.length === 0) return undefined;
  return files.length === samples.length ? { domain: domain.name } : { domain: domain.name, files };
}

function wordsFor([first, ...more]: readonly PayloadSample[]): string {
  if (more.length > 0) return `the ${more.length + 1} files fit`;
  return first?.fault === undefined ? `the data (${first?.contentType}) fits` : `the data (${first.contentType}) cannot be read (${first.fault}), so it fits`;
}

function sampleOf(raw: ArtifactRef, bytes: Uint8Array): PayloadSample {
  const { text, fault } = textHead(bytes, raw.contentType);
  return {
    contentType: raw.contentType.split(';')[0]?.trim().toLowerCase() ?? '',
    ...(raw.filename === undefined ? {} : { filename: raw.filename }),
    head: text,
    ...(fault === undefined ? {} : { fault }),
  };
}

/** The domains asked for by name. Throws MILLRACE_DOMAIN_UNKNOWN. */
export function domainsNamed(catalog: readonly Domain[], names: readonly string[]): readonly Domain[] {
  return names.map((name) => domainNamed(catalog, name));
}

export function domainNamed(catalog: readonly Domain[], name: string): Domain {
  const domain = catalog.find((candidate) => candidate.name === name);
  if (domain) return domain;
  const known = catalog.map((candidate) => candidate.name).join(', ');
  throw pipelineErrors.error('MILLRACE_DOMAIN_UNKNOWN', `there is no domain ${JSON.stringify(name)}; this deployment has ${known}`, {
    detail: { domain: name },
  });
}
