import type { BrokerQueue } from '@millrace/broker';
import { type Clock, sleep } from '@millrace/kernel';
import { unavailable } from './errors.js';
import type { SqsApi } from './sqs-api.js';

export interface QueueUrls {
  readonly source: string;
  readonly dead: string;
}

const day = 86_400;

/** Creates `<prefix><name>` and its `-dead` if they are missing, and sets what differs. Several processes may do so at once. */
export async function prepareQueue(api: SqsApi, clock: Clock, queueName: string, queue: BrokerQueue): Promise<QueueUrls> {
  const dead = await ensure(api, clock, `${queueName}-dead`, { MessageRetentionPeriod: String(14 * day) });
  const redrive = { deadLetterTargetArn: dead.arn, maxReceiveCount: queue.maxDeliveries };
  const source = await ensure(api, clock, queueName, {
    VisibilityTimeout: String(Math.ceil(queue.leaseMs / 1000)),
    MessageRetentionPeriod: String(4 * day),
    RedrivePolicy: JSON.stringify(redrive),
  });
  return { source: source.url, dead: dead.url };
}

async function ensure(api: SqsApi, clock: Clock, name: string, wanted: Record<string, string>): Promise<{ url: string; arn: string }> {
  const url = (await api.queueUrl(name)) ?? (await api.createQueue(name, wanted)) ?? (await api.queueUrl(name));
  if (!url) throw unavailable('CreateQueue', `the queue ${name} comes and goes`);
  const present = await attributesOf(api, clock, url, ['QueueArn', ...Object.keys(wanted)]);
  const different = Object.entries(wanted).filter(([attribute, value]) => !isSame(present[attribute], value));
  if (different.length > 0) await api.setAttributes(url, Object.fromEntries(different));
  return { url, arn: present.QueueArn ?? '' };
}

/** AWS may deny for a moment that a queue exists which it has just created. */
async function attributesOf(api: SqsApi, clock: Clock, url: string, names: readonly string[]): Promise<Partial<Record<string, string>>> {
  for (let attempt = 1; attempt <= 5; attempt++) {
    const attributes = await api.attributes(url, names);
    if (attributes) return attributes;
    await sleep(clock, 500);
  }
  throw unavailable('GetQueueAttributes', `the queue ${url} does not appear`);
}

interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number | string;
}

/** A redrive policy is JSON, of which AWS chooses the order and the type of numbers. */
function isSame(present: string | undefined, wanted: string): boolean {
  if (present === wanted) return true;
  if (!present?.startsWith('{') || !wanted.startsWith('{')) return false;
  const [left, right]: [RedrivePolicy, RedrivePolicy] = [JSON.parse(present), JSON.parse(wanted)];
  return left.deadLetterTargetArn === right.deadLetterTargetArn && Number(left.maxReceiveCount) === Number(right.maxReceiveCount);
}
