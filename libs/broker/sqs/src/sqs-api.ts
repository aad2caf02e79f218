import {
  type Message,
  type QueueAttributeName,
  QueueDoesNotExist,
  QueueNameExists,
  type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import type { EntryFailure } from './batch-writer.js';
import { unavailable } from './errors.js';
import type { SqsClient } from './sqs-client.js';

/** Name of an API call, for counting what costs money. Attempts that the SDK repeats count once. */
export type OnCall = (kind: string) => void;

export interface Receive {
  readonly most: number;
  readonly waitSeconds: number;
  readonly signal: AbortSignal;
}

/** What consumers need to know of a message, beside its body. */
const deliveryFacts = ['ApproximateReceiveCount', 'SentTimestamp', 'MessageGroupId'] as const;

type FailedEntries = ReadonlyArray<{ Id?: string | undefined; SenderFault?: boolean | undefined; Code?: string | undefined; Message?: string | undefined }>;

/** SQS as the adapter needs it: every call counted, every failure MILLRACE_BROKER_UNAVAILABLE, nothing sent once closed. */
export class SqsApi {
  readonly #client: SqsClient;
  readonly #onCall: OnCall;
  #closed = false;

  constructor(client: SqsClient, onCall: OnCall) {
    this.#client = client;
    this.#onCall = onCall;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  close(): void {
    this.#closed = true;
    this.#client.destroy();
  }

  /** Undefined when there is no such queue. */
  async queueUrl(name: string): Promise<string | undefined> {
    return await this.#call('GetQueueUrl', async () => {
      const queue = await this.#client.getQueueUrl({ QueueName: name }).catch(nothingIf(QueueDoesNotExist));
      return queue?.QueueUrl;
    });
  }

  /** Undefined when a queue of that name and other attributes is there. */
  async createQueue(name: string, attributes: Record<string, string>): Promise<string | undefined> {
    return await this.#call('CreateQueue', async () => {
      const queue = await this.#client.createQueue({ QueueName: name, Attributes: attributes }).catch(nothingIf(QueueNameExists));
      return queue?.QueueUrl;
    });
  }

  /** Undefined when there is no such queue. */
  async attributes(url: string, names: readonly string[]): Promise<Partial<Record<string, string>> | undefined> {
    const request = { QueueUrl: url, AttributeNames: [...names] as QueueAttributeName[] };
    return await this.#call('GetQueueAttributes', async () => {
      const queue = await this.#client.getQueueAttributes(request).catch(nothingIf(QueueDoesNotExist));
      return queue && (queue.Attributes ?? {});
    });
  }

  async setAttributes(url: string, attributes: Record<string, string>): Promise<void> {
    await this.#call('SetQueueAttributes', () => this.#client.setQueueAttributes({ QueueUrl: url, Attributes: attributes }));
  }

  async send(url: string, entries: ReadonlyArray<Omit<SendMessageBatchRequestEntry, 'Id'>>): Promise<ReadonlyMap<number, EntryFailure>> {
    const request = { QueueUrl: url, Entries: entries.map((entry, at) => ({ ...entry, Id: String(at) })) };
    return failures(await this.#call('SendMessageBatch', () => this.#client.sendMessageBatch(request)));
  }

  async delete(url: string, receiptHandles: readonly string[]): Promise<ReadonlyMap<number, EntryFailure>> {
    const request = { QueueUrl: url, Entries: receiptHandles.map((ReceiptHandle, at) => ({ Id: String(at), ReceiptHandle })) };
    return failures(await this.#call('DeleteMessageBatch', () => this.#client.deleteMessageBatch(request)));
  }

  async changeVisibility(url: string, changes: readonly VisibilityChange[]): Promise<ReadonlyMap<number, EntryFailure>> {
    const entries = changes.map(({ receiptHandle, seconds }, at) => ({ Id: String(at), ReceiptHandle: receiptHandle, VisibilityTimeout: seconds }));
    const request = { QueueUrl: url, Entries: entries };
    return failures(await this.#call('ChangeMessageVisibilityBatch', () => this.#client.changeMessageVisibilityBatch(request)));
  }

  /** Resolves with nothing when `signal` aborts. */
  async receive(url: string, { most, waitSeconds, signal }: Receive): Promise<readonly Message[]> {
    const request = {
      QueueUrl: url,
      MaxNumberOfMessages: most,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: [...deliveryFacts],
    };
    const options = { abortSignal: signal, requestTimeout: waitSeconds * 1000 + 5000 };
    if (signal.aborted) return [];
    return await this.#call('ReceiveMessage', async () => {
      const received = await this.#client.receiveMessage(request, options).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      return received?.Messages ?? [];
    });
  }

  /** Up to ten messages with all their attributes, which others do not see for so many seconds; none when none is left. */
  async look(url: string, hiddenSeconds: number): Promise<readonly Message[]> {
    const request = {
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 1, // without waiting, SQS may overlook what there is
      VisibilityTimeout: hiddenSeconds,
      MessageSystemAttributeNames: [...deliveryFacts],
      MessageAttributeNames: ['All'],
    };
    const { Messages = [] } = await this.#call('ReceiveMessage', () => this.#client.receiveMessage(request));
    return Messages;
  }

  async #call<T>(kind: string, request: () => Promise<T>): Promise<T> {
    if (this.#closed) throw unavailable(kind, 'the broker was closed');
    this.#onCall(kind);
    return await request().catch((cause: unknown) => Promise.reject(unavailable(kind, cause)));
  }
}

export interface VisibilityChange {
  readonly receiptHandle: string;
  readonly seconds: number;
}

function failures({ Failed }: { Failed?: FailedEntries | undefined }): ReadonlyMap<number, EntryFailure> {
  const entries = (Failed ?? []).map(({ Id, SenderFault, Code, Message }) => {
    const failure = { senderFault: SenderFault ?? false, reason: `${Code ?? 'refused'}: ${Message ?? 'no message'}` };
    return [Number(Id), failure] as const;
  });
  return new Map(entries);
}

/** A catch that turns one class of error into nothing and throws the others on. */
function nothingIf(errorClass: abstract new (...args: never[]) => Error): (thrown: unknown) => undefined {
  return (thrown) => {
    if (!(thrown instanceof errorClass)) throw thrown;
  };
}
