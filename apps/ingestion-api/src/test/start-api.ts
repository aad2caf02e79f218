import 'reflect-metadata';
import type { OutgoingMessage } from '@millrace/broker';
import { LoadLedger } from '@millrace/admission';
import { signature } from '@millrace/canvas';
import { ArtifactStore, defaultSettings, FollowUp, HintSender } from '@millrace/engine';
import { systemClock, systemRandom } from '@millrace/kernel';
import { createProduct } from '@millrace/pipeline';
import { readConfig, type Runtime } from '@millrace/platform';
import { Metrics, silentLog } from '@millrace/telemetry';
import { MemoryBlobStore, MemoryDocumentStore, MemoryRunStore } from '@millrace/testkit';
import { serve, type Serving } from '../serve.js';

/** The ingestion API on stores in memory, with nobody to do the work. */
export interface Api extends Serving {
  readonly url: string;
  readonly runs: MemoryRunStore;
  readonly blobs: MemoryBlobStore;
  readonly sent: OutgoingMessage[];
  readonly load: LoadLedger;
}

export async function startApi(env: Readonly<Record<string, string>> = {}, more: Partial<Runtime> = {}): Promise<Api> {
  const config = readConfig({ MILLRACE_PORT: '0', MILLRACE_CALLBACK_ALLOW_PRIVATE: 'true', ...env });
  const { router } = createProduct(config.MILLRACE_DOMAINS);
  const [runs, blobs, sent] = [new MemoryRunStore(), new MemoryBlobStore(), [] as OutgoingMessage[]];
  const publish = async (messages: readonly OutgoingMessage[]): Promise<[]> => {
    sent.push(...messages);
    return [];
  };
  const capabilities = { maxDelayMs: 900_000, maxBytes: 262_144, deduplicates: false, exactDepth: true, priorities: true, groupsTakeTurns: true };
  const base = { config, router, log: silentLog, metrics: new Metrics('test'), settings: defaultSettings, clock: systemClock, random: systemRandom };
  const hints = new HintSender({ publish, capabilities }, router, base);
  const documents = new MemoryDocumentStore(systemClock);
  const load = new LoadLedger('api', { ...base, documents }, 250);
  const runtime = { ...base, runs, blobs, documents, load, hints, artifacts: new ArtifactStore(blobs), followUp: new FollowUp(runs, base), ...more } as unknown as Runtime;
  const serving = await serve(runtime);
  return { ...serving, url: `http://127.0.0.1:${serving.port}`, runs, blobs, sent, load };
}

/** Brings a run to its end, as workers would: one dataset, and nothing made of it. */
export async function finish(api: Api, id: string): Promise<void> {
  const far = Date.now() + 60_000;
  const timing = { claimedAt: Date.now(), settledAt: Date.now(), handlerMs: 1 };
  await api.runs.claim(id, { step: '0', sweepAt: far });
  await api.runs.settle(id, { step: '0', sweepAt: far }, { status: 'replaced', canvas: signature('orders.dataset'), timing });
  await api.runs.claim(id, { step: '0.0', sweepAt: far });
  await api.runs.settle(id, { step: '0.0', sweepAt: far }, { status: 'succeeded', result: { inline: { dataset: null, report: { lines: 2 } } }, timing });
  await api.runs.freeze(id, { frozenAt: Date.now() }, far);
}

/** The keys in the blob store that begin so. */
export async function keysOf(api: Api, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of api.blobs.list(prefix)) keys.push(key);
  return keys;
}
