import type { BrokerQueue, OutgoingMessage, QueueDepth } from '@millrace/broker';
import type { Message, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { BatchWriter, type EntryFailure } from './batch-writer.js';
import { unavailable } from './errors.js';
import { toDeadLetter } from './dead-letter-messages.js';
import { messageGroupId, sqsCapabilities } from './message-rules.js';
import type { QueueUrls } from './prepare-queue.js';
import type { Receive, SqsApi, VisibilityChange } from './sqs-api.js';

type Outgoing = Omit<SendMessageBatchRequestEntry, 'Id'>;

/** An ack may wait for company: nobody waits for it, and a crash meanwhile costs a redelivery that changes nothing. */
const deleteWindowMs = 20;
/** The part of a lease that a delete may wait at most, so that the message is gone before the lease runs out. */
const deleteShareOfLease = 1 / 4;
const sendWindowMs = 2;
const bytesOf = ({ MessageBody = '' }: Outgoing) => MessageBody.length;

/** One queue with its dead letter queue: each write joins a batch with others of its kind. */
export class PreparedQueue {
  readonly about: BrokerQueue;
  readonly urls: QueueUrls;
  readonly #api: SqsApi;
  readonly #messages: BatchWriter<Outgoing>;
  readonly #deadLetters: BatchWriter<Outgoing>;
  readonly #deletes: BatchWriter<string>;
  readonly #visibility: BatchWriter<VisibilityChange>;

  constructor(about: BrokerQueue, urls: QueueUrls, api: SqsApi) {
    this.about = about;
    this.urls = urls;
    this.#api = api;
    const { batchMs = 0, leaseMs } = about;
    const soon = { windowMs: sendWindowMs, eager: true };
    const sending = batchMs > 0 ? { windowMs: batchMs, eager: false } : soon;
    this.#messages = new BatchWriter({ ...sending, bytesOf, send: (entries) => api.send(urls.source, entries) });
    this.#deadLetters = new BatchWriter({ ...soon, bytesOf, send: (entries) => api.send(urls.dead, entries) });
    this.#visibility = new BatchWriter({ ...soon, bytesOf: () => 0, send: (changes) => api.changeVisibility(urls.source, changes) });
    this.#deletes = new BatchWriter({
      windowMs: Math.max(deleteWindowMs, Math.min(batchMs, leaseMs * deleteShareOfLease)),
      eager: false,
      bytesOf: () => 0,
      send: (handles) => api.delete(urls.source, handles),
    });
  }

  publish({ body, delayMs = 0, group }: OutgoingMessage): Promise<EntryFailure | undefined> {
    const groupId = messageGroupId(group);
    return this.#messages.write({
      MessageBody: body,
      ...(delayMs > 0 && { DelaySeconds: Math.ceil(delayMs / 1000) }),
      ...(groupId && { MessageGroupId: groupId }),
    });
  }

  receive(what: Receive): ReturnType<SqsApi['receive']> {
    return this.#api.receive(this.urls.source, what);
  }

  async delete(receiptHandle: string): Promise<void> {
    expectTaken('DeleteMessageBatch', await this.#deletes.write(receiptHandle));
  }

  /** A delay longer than `maxDelayMs` is cut to it. */
  async release(receiptHandle: string, delayMs: number): Promise<void> {
    const seconds = Math.ceil(Math.min(delayMs, sqsCapabilities.maxDelayMs) / 1000);
    expectTaken('ChangeMessageVisibilityBatch', await this.#visibility.write({ receiptHandle, seconds }));
  }

  /** Resolves false when the message is no longer ours. */
  async extend(receiptHandle: string): Promise<boolean> {
    const failure = await this.#visibility.write({ receiptHandle, seconds: Math.ceil(this.about.leaseMs / 1000) });
    if (failure && !failure.senderFault) throw unavailable('ChangeMessageVisibilityBatch', failure.reason);
    return !failure;
  }

  /** Keeps a copy in the dead letter queue, then deletes the message. */
  async bury(message: Message, reason: string): Promise<void> {
    expectTaken('SendMessageBatch', await this.#deadLetters.write(toDeadLetter(message, reason)));
    await this.delete(message.ReceiptHandle ?? '');
  }

  async depth(): Promise<QueueDepth> {
    const [source, dead] = await Promise.all([this.#counts(this.urls.source), this.#counts(this.urls.dead)]);
    return { ...source, dead: dead.waiting + dead.delayed + dead.inFlight };
  }

  async #counts(url: string): Promise<Omit<QueueDepth, 'dead'>> {
    const [waiting, inFlight, delayed] = countNames;
    const counts = await this.#api.attributes(url, countNames);
    if (!counts) throw unavailable('GetQueueAttributes', `the queue ${url} is gone`);
    return { waiting: Number(counts[waiting] ?? 0), inFlight: Number(counts[inFlight] ?? 0), delayed: Number(counts[delayed] ?? 0) };
  }
}

const countNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'] as const;

function expectTaken(call: string, failure: EntryFailure | undefined): void {
  if (failure) throw unavailable(call, failure.reason);
}
