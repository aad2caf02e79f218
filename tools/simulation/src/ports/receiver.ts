import { createHash } from 'node:crypto';
import type { CallbackClient, CallbackResponse } from '@millrace/webhooks';
import type { Faults } from '../world/faults.js';
import type { Life } from '../world/life.js';
import type { Network } from '../world/network.js';
import type { World } from '../world/world.js';

/** A callback as it reached its receiver. */
export interface Post {
  readonly at: number;
  readonly by: string;
  readonly url: string;
  readonly webhookId: string;
  readonly attempt: number;
  readonly body: string;
  /** The run that the body tells of. */
  readonly run: string;
  readonly sha256: string;
  /** What the receiver answered. */
  readonly status: number;
}

/** The status that a receiver answers an attempt with. */
export type Answer = (attempt: number) => number;

/** Where callbacks go. */
export class Receiver {
  readonly posts: Post[] = [];

  constructor(
    private readonly world: World,
    private readonly faults: Faults,
    private readonly options: { readonly onPost: (post: Post) => void; readonly answer?: Answer },
  ) {}

  /** Answers after a while. */
  async receive(by: string, url: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<CallbackResponse> {
    const attempt = Number(headers['webhook-attempt']);
    const status = this.options.answer?.(attempt) ?? (this.faults.receiverFails() ? (this.world.pick([500, 503, 429]) ?? 500) : 200);
    const text = new TextDecoder().decode(body);
    const post = {
      at: this.world.elapsed,
      by,
      url,
      webhookId: headers['webhook-id'] ?? '',
      attempt,
      body: text,
      run: runOf(text),
      sha256: createHash('sha256').update(body).digest('hex'),
      status,
    };
    this.posts.push(post);
    this.options.onPost(post);
    await new Promise<void>((resolve) => this.world.after(this.faults.receiverMs(), resolve));
    return { kind: 'response', status };
  }
}

/** The HTTP client as one process has it. Like the real one, it never rejects. */
export function callbackClientOver(network: Network, life: Life, receiver: Receiver): CallbackClient {
  return {
    hasRoom: true,
    post: (url, { headers, body }) =>
      network
        .call({
          life,
          what: `POST ${url} attempt ${headers['webhook-attempt']}`,
          effect: () => receiver.receive(life.name, url, headers, body),
          lost: () => new Error('the simulated receiver did not answer'),
          told: (response) => (response.kind === 'response' ? String(response.status) : response.reason),
        })
        .catch((err: Error): CallbackResponse => ({ kind: 'error', reason: 'timeout', message: err.message })),
    close: async () => undefined,
  };
}

function runOf(body: string): string {
  const { data } = JSON.parse(body) as { readonly data: { readonly ingestionId: string } };
  return data.ingestionId;
}
