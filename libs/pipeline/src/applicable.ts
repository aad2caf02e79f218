import type { ArtifactRef } from '@millrace/contracts';
import type { Domain, PayloadSample } from '@millrace/domain';
import { defineErrors } from '@millrace/kernel';

export const pipelineErrors = defineErrors({
  MILLRACE_DOMAIN_UNKNOWN: { retryable: false, help: 'A domain was asked for that this deployment does not have; see the list in the message.' },
  MILLRACE_DOMAIN_NONE: { retryable: false, help: 'The data fits no domain; check its columns and content type, or name the domain with ?domains=.' },
});

/** How much of the data is looked at. */
export const sampleBytes = 64 * 1024;

export function sampleOf(raw: ArtifactRef, head: Uint8Array): PayloadSample {
  return {
    contentType: raw.contentType.split(';')[0]?.trim().toLowerCase() ?? '',
    ...(raw.filename === undefined ? {} : { filename: raw.filename }),
    head: new TextDecoder().decode(head),
  };
}

/** The domains asked for by name. Throws MILLRACE_DOMAIN_UNKNOWN. */
export function domainsNamed(catalog: readonly Domain[], names: readonly string[]): readonly Domain[] {
  return names.map((name) => {
    const domain = catalog.find((candidate) => candidate.name === name);
    if (domain) return domain;
    const known = catalog.map((candidate) => candidate.name).join(', ');
    throw pipelineErrors.error('MILLRACE_DOMAIN_UNKNOWN', `there is no domain ${JSON.stringify(name)}; this deployment has ${known}`, {
      detail: { domain: name },
    });
  });
}

/** The domains that take the data for theirs. Throws MILLRACE_DOMAIN_NONE. */
export function domainsFor(catalog: readonly Domain[], sample: PayloadSample): readonly Domain[] {
  const domains = catalog.filter((domain) => domain.accepts(sample));
  if (domains.length > 0) return domains;
  const known = catalog.map((domain) => domain.name).join(', ');
  throw pipelineErrors.error('MILLRACE_DOMAIN_NONE', `the data (${sample.contentType}) fits none of the domains ${known}`);
}
