import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallbackEvent, IngestionView, Problem } from '@millrace/contracts';
import { CallbackReceiver, eventOf, newCallbackSecret, type Profile, type ReceivedCallback, type ServiceName, Stack } from '@millrace/local-stack';

/** A request to the ingestion API and what came back. */
export interface Sent {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly id: string } & Problem;
}

/** What fetch takes as a body. */
type Body = NonNullable<RequestInit['body']>;

/** The five services as processes, with a callback receiver, in a folder of their own. */
export class Product {
  #stopped: Promise<boolean> | undefined;

  private constructor(
    readonly stack: Stack,
    readonly receiver: CallbackReceiver,
    private readonly folder: string,
  ) {}

  static async start(profile: Profile, env: Readonly<Record<string, string>> = {}): Promise<Product> {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-e2e-'));
    const secret = newCallbackSecret();
    const receiver = await CallbackReceiver.start(secret);
    const stack = new Stack({ profile, dataDir: folder, callbackSecret: secret, env });
    await stack.start();
    return new Product(stack, receiver, folder);
  }

  /** Resolves with whether every process went by itself. */
  stop(): Promise<boolean> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<boolean> {
    const went = await this.stack.stop();
    await this.receiver.close();
    await rm(this.folder, { recursive: true, force: true });
    return went;
  }

  /** POSTs to the ingestion API; `query` adds to or replaces the callback parameter. */
  async post(body: Body | undefined, contentType: string | undefined, query: Readonly<Record<string, string>> = {}): Promise<Sent> {
    const search = new URLSearchParams({ callback: this.receiver.url, ...query });
    const headers = contentType === undefined ? {} : { 'content-type': contentType };
    const init = { method: 'POST', headers, ...(body === undefined ? {} : { body }) };
    const response = await fetch(`${this.stack.apiUrl}/v1/ingestions?${search}`, init);
    return { status: response.status, headers: response.headers, body: (await response.json()) as Sent['body'] };
  }

  /** POSTs data that is accepted; resolves with the id of the ingestion. */
  async ingest(body: Body, contentType: string, query: Readonly<Record<string, string>> = {}): Promise<string> {
    const { status, body: answer } = await this.post(body, contentType, query);
    if (status !== 202) throw new Error(`not accepted: ${JSON.stringify(answer)}`);
    return answer.id;
  }

  async view(id: string): Promise<IngestionView> {
    return (await (await fetch(`${this.stack.apiUrl}/v1/ingestions/${id}`)).json()) as IngestionView;
  }

  /** The callback of an ingestion, past or future. */
  async callback(id: string): Promise<{ readonly received: ReceivedCallback; readonly event: CallbackEvent }> {
    const received = await this.receiver.first((callback) => callback.headers['webhook-id'] === `msg_${id}`, 30_000);
    if (!received) throw new Error(`no callback for ${id}: ${JSON.stringify(await this.view(id))}`);
    return { received, event: eventOf(received) };
  }

  /** All callbacks of an ingestion so far. */
  callbacksOf(id: string): readonly ReceivedCallback[] {
    return this.receiver.received.filter((callback) => callback.headers['webhook-id'] === `msg_${id}`);
  }

  async metrics(service: ServiceName): Promise<string> {
    return (await fetch(`${this.stack.healthUrl(service)}/metrics`)).text();
  }
}
