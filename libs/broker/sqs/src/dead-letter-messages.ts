import type { Message, MessageAttributeValue, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import type { BrokerQueue, DeadLetter } from '@millrace/broker';

type Outgoing = Omit<SendMessageBatchRequestEntry, 'Id'>;

/** The attributes of a dead letter that tell its history. */
const history = ['reason', 'deliveries', 'publishedAt'] as const;

/** The message as it goes to the queue of dead letters. */
export function toDeadLetter({ Body, Attributes, MessageAttributes }: Message, reason: string): Outgoing {
  const told = {
    reason: text(reason.slice(0, 512).replace(/[^\x20-\x7e]/g, '?') || 'rejected'),
    ...(Attributes?.ApproximateReceiveCount && { deliveries: number(Attributes.ApproximateReceiveCount) }),
    ...(Attributes?.SentTimestamp && { publishedAt: number(Attributes.SentTimestamp) }),
  };
  return { MessageBody: Body, MessageAttributes: { ...MessageAttributes, ...told }, ...groupOf(Attributes) };
}

/** The message as it goes back to its queue: with all it had there. */
export function toRedriven({ Body, Attributes, MessageAttributes = {} }: Message): Outgoing {
  const own = Object.entries(MessageAttributes).filter(([name]) => !history.some((told) => told === name));
  return { MessageBody: Body, ...(own.length > 0 && { MessageAttributes: Object.fromEntries(own) }), ...groupOf(Attributes) };
}

/** One that SQS moved by itself has no history, but the time when it was published: its own. */
export function readDeadLetter({ name, maxDeliveries }: BrokerQueue, { MessageId = '', Body = '', Attributes = {}, MessageAttributes }: Message): DeadLetter {
  const [reason, deliveries, publishedAt] = history.map((told) => MessageAttributes?.[told]?.StringValue);
  const sentAt = Number(Attributes.SentTimestamp ?? 0);
  return {
    queue: name,
    id: MessageId,
    body: Body,
    reason: reason ?? `delivered ${maxDeliveries} times without an ack`,
    deliveries: Number(deliveries ?? maxDeliveries),
    publishedAt: Number(publishedAt ?? sentAt),
    ...(reason !== undefined && { diedAt: sentAt }),
    ...(Attributes.MessageGroupId && { group: Attributes.MessageGroupId }),
  };
}

const text = (value: string): MessageAttributeValue => ({ DataType: 'String', StringValue: value });
const number = (value: string): MessageAttributeValue => ({ DataType: 'Number', StringValue: value });
const groupOf = (attributes: Message['Attributes']) => (attributes?.MessageGroupId ? { MessageGroupId: attributes.MessageGroupId } : {});
