import { type Message, QueueDoesNotExist } from '@aws-sdk/client-sqs';
import type { CallOptions, SqsClient } from '../sqs-client.js';

type Request<Call extends keyof SqsClient> = Parameters<SqsClient[Call]>[0];
type Result<Call extends keyof SqsClient> = Awaited<ReturnType<SqsClient[Call]>>;

/** A receive that the fake has been asked for and has not answered. */
export interface OpenReceive {
  readonly request: Request<'receiveMessage'>;
  readonly options: CallOptions;
  answer(messages: readonly Message[]): void;
  fail(error: Error): void;
}

/** SQS that records what it is asked and answers as it is told. Queues and their attributes are kept; messages are not. */
export class FakeSqs implements SqsClient {
  readonly sent: Array<Request<'sendMessageBatch'>> = [];
  readonly deleted: Array<Request<'deleteMessageBatch'>> = [];
  readonly changed: Array<Request<'changeMessageVisibilityBatch'>> = [];
  readonly receives: OpenReceive[] = [];
  readonly queues = new Map<string, Record<string, string>>();
  readonly setCalls: Array<Request<'setQueueAttributes'>> = [];
  /** Replace these to have entries or calls fail. */
  onSend: (request: Request<'sendMessageBatch'>) => Promise<Result<'sendMessageBatch'>> = nothingFails;
  onChange: (request: Request<'changeMessageVisibilityBatch'>) => Promise<Result<'changeMessageVisibilityBatch'>> = nothingFails;

  async sendMessageBatch(request: Request<'sendMessageBatch'>): Promise<Result<'sendMessageBatch'>> {
    this.sent.push(request);
    return await this.onSend(request);
  }

  async deleteMessageBatch(request: Request<'deleteMessageBatch'>): Promise<Result<'deleteMessageBatch'>> {
    this.deleted.push(request);
    return await nothingFails();
  }

  async changeMessageVisibilityBatch(request: Request<'changeMessageVisibilityBatch'>): Promise<Result<'changeMessageVisibilityBatch'>> {
    this.changed.push(request);
    return await this.onChange(request);
  }

  /** Stays open until the test answers or the caller hangs up. */
  receiveMessage(request: Request<'receiveMessage'>, options: CallOptions = {}): Promise<Result<'receiveMessage'>> {
    return new Promise((resolve, reject) => {
      const open: OpenReceive = { request, options, answer: (Messages) => resolve({ Messages: [...Messages] }), fail: reject };
      this.receives.push(open);
      options.abortSignal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    });
  }

  async getQueueUrl({ QueueName = '' }: Request<'getQueueUrl'>): Promise<Result<'getQueueUrl'>> {
    if (!this.queues.has(QueueName)) throw new QueueDoesNotExist({ message: 'no such queue', $metadata: {} });
    return { QueueUrl: `url:${QueueName}` };
  }

  async createQueue({ QueueName = '', Attributes = {} }: Request<'createQueue'>): Promise<Result<'createQueue'>> {
    this.queues.set(QueueName, { ...Attributes, QueueArn: `arn:${QueueName}` });
    return { QueueUrl: `url:${QueueName}` };
  }

  async getQueueAttributes({ QueueUrl = '' }: Request<'getQueueAttributes'>): Promise<Result<'getQueueAttributes'>> {
    return { Attributes: this.queues.get(QueueUrl.slice('url:'.length)) };
  }

  async setQueueAttributes(request: Request<'setQueueAttributes'>): Promise<void> {
    this.setCalls.push(request);
    Object.assign(this.queues.get((request.QueueUrl ?? '').slice('url:'.length)) ?? {}, request.Attributes);
  }

  destroy(): void {}
}

async function nothingFails(): Promise<{ Successful: []; Failed: [] }> {
  return { Successful: [], Failed: [] };
}

/** Messages as SQS delivers them for the first time. */
export function messages(...bodies: string[]): Message[] {
  return bodies.map((Body) => ({ Body, ReceiptHandle: `handle of ${Body}`, Attributes: { ApproximateReceiveCount: '1' } }));
}
