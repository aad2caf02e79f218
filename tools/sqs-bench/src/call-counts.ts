import { SqsBroker } from '@millrace/broker-sqs';

/** API calls by their name, such as `ReceiveMessage`. */
export type CallCounts = ReadonlyMap<string, number>;

/** A broker on an emulator, and what it has asked of SQS so far. */
export function countedBroker(endpoint: string, prefix: string): { readonly broker: SqsBroker; readonly calls: Map<string, number> } {
  const calls = new Map<string, number>();
  const broker = new SqsBroker({
    endpoint,
    prefix,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    onCall: (kind) => calls.set(kind, (calls.get(kind) ?? 0) + 1),
  });
  return { broker, calls };
}
