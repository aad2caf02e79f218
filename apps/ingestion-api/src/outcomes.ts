import { blobErrors } from '@millrace/blob-store';
import { outcomeKey, progressOf, type StepResults } from '@millrace/engine';
import { MillraceError } from '@millrace/kernel';
import { composeOutcome } from '@millrace/pipeline';
import type { Runtime } from '@millrace/platform';
import type { RunRecord } from '@millrace/run-store';
import { deploymentKeys, type LinkQuery, ResultLinks } from '@millrace/webhooks';

const notFound: keyof typeof blobErrors.catalogue = 'MILLRACE_BLOB_NOT_FOUND';

/** Outcomes of frozen runs with all their results, as the bytes that a link in a callback has the hash of. */
export class Outcomes {
  readonly #links: ResultLinks;

  constructor(
    private readonly runtime: Pick<Runtime, 'blobs' | 'clock' | 'config'>,
    private readonly results: StepResults,
  ) {
    this.#links = new ResultLinks(deploymentKeys(runtime.config.MILLRACE_KEYS, 'result links'));
  }

  async bytesOf(record: RunRecord): Promise<Uint8Array> {
    try {
      return await this.runtime.blobs.get(outcomeKey(record.id));
    } catch (err) {
      if (!MillraceError.is(err, notFound)) throw err;
    }
    return Buffer.from(JSON.stringify(composeOutcome(record, await this.results.all(record, progressOf(record)))));
  }

  /** Whether somebody comes with a link that a callback told. */
  isLinked(id: string, query: LinkQuery): boolean {
    return this.#links.verify(id, query, this.runtime.clock.now());
  }
}
