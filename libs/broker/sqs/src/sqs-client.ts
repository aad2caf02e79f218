import {
  type ChangeMessageVisibilityBatchRequest,
  type ChangeMessageVisibilityBatchResult,
  type CreateQueueRequest,
  type CreateQueueResult,
  type DeleteMessageBatchRequest,
  type DeleteMessageBatchResult,
  type GetQueueAttributesRequest,
  type GetQueueAttributesResult,
  type GetQueueUrlRequest,
  type GetQueueUrlResult,
  type ReceiveMessageRequest,
  type ReceiveMessageResult,
  type SendMessageBatchRequest,
  type SendMessageBatchResult,
  type SetQueueAttributesRequest,
  SQS,
} from '@aws-sdk/client-sqs';

/** Where SQS is. Without `endpoint`, AWS in that region; without `credentials`, the SDK's default chain. */
export interface SqsConnection {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface CallOptions {
  readonly abortSignal?: AbortSignal;
  /** Milliseconds until the answer has begun. */
  readonly requestTimeout?: number;
}

/** The calls made of SQS; the SDK's `SQS` has them. */
export interface SqsClient {
  sendMessageBatch(request: SendMessageBatchRequest): Promise<SendMessageBatchResult>;
  receiveMessage(request: ReceiveMessageRequest, options?: CallOptions): Promise<ReceiveMessageResult>;
  deleteMessageBatch(request: DeleteMessageBatchRequest): Promise<DeleteMessageBatchResult>;
  changeMessageVisibilityBatch(request: ChangeMessageVisibilityBatchRequest): Promise<ChangeMessageVisibilityBatchResult>;
  getQueueUrl(request: GetQueueUrlRequest): Promise<GetQueueUrlResult>;
  getQueueAttributes(request: GetQueueAttributesRequest): Promise<GetQueueAttributesResult>;
  createQueue(request: CreateQueueRequest): Promise<CreateQueueResult>;
  setQueueAttributes(request: SetQueueAttributesRequest): Promise<unknown>;
  destroy(): void;
}

/** A receive holds its socket while it waits, up to 20 s: the SDK's own 50 would let 50 idle queues stop all sending. */
const sockets = { keepAlive: true, maxSockets: 2_048 };

/** A client for work with a budget of seconds: few quick attempts, short timeouts. */
export function connect({ region, endpoint, credentials }: SqsConnection): SqsClient {
  return new SQS({
    region,
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true, httpAgent: sockets, httpsAgent: sockets },
  });
}
