import { AsyncLocalStorage } from 'node:async_hooks';
import type { Socket } from 'node:net';
import { buildApp } from 'fauxqs';
import { makeStores, persistStores, type SqsQueue, type Stores } from './fauxqs-parts.js';

export interface SqsAndS3 {
  readonly endpoint: string;
  close(): Promise<void>;
}

type App = ReturnType<typeof buildApp>;

/** fauxqs on 127.0.0.1, with two things of AWS that it lacks: If-None-Match on writes, and clients that hang up. */
export async function startSqsAndS3({ port, dataDir }: { port: number; dataDir?: string }): Promise<SqsAndS3> {
  const stores = await makeStores();
  const clients = new AsyncLocalStorage<Socket>();
  forgetLostClients(stores.sqsStore, clients);
  const persistence = dataDir ? await persistStores(stores, dataDir) : undefined;

  const app = buildApp({ logger: false, stores });
  app.addHook('preHandler', (request, _reply, done) => clients.run(request.raw.socket, done));
  refuseOverwrites(app, stores.s3Store);
  const endpoint = await app.listen({ port, host: '127.0.0.1' });
  return {
    endpoint,
    close: async () => {
      await app.close();
      persistence?.close();
    },
  };
}

/** Keeps a long poll whose client has gone from taking the next ten messages to nowhere. */
function forgetLostClients(store: Stores['sqsStore'], clients: AsyncLocalStorage<Socket>): void {
  const createQueue = store.createQueue.bind(store);
  store.createQueue = (...about) => {
    const queue: SqsQueue = createQueue(...about);
    const dequeue = queue.dequeue.bind(queue);
    queue.dequeue = (...wanted) => (clients.getStore()?.destroyed ? [] : dequeue(...wanted));
    return queue;
  };
}

/** `If-None-Match: *` on PutObject and CompleteMultipartUpload. The check and the write run in one tick, so they are atomic. */
function refuseOverwrites(app: App, store: Stores['s3Store']): void {
  app.addHook<{ Params: { bucket?: string; '*'?: string } }>('preHandler', (request, reply, done) => {
    const { bucket, '*': key } = request.params;
    const writes = request.method === 'PUT' || request.method === 'POST';
    if (!writes || request.headers['if-none-match'] !== '*' || !bucket || !key || !exists(store, bucket, key)) return done();
    reply.status(412).header('content-type', 'application/xml').send(preconditionFailed);
  });
}

const preconditionFailed =
  '<?xml version="1.0" encoding="UTF-8"?><Error><Code>PreconditionFailed</Code>' +
  '<Message>At least one of the pre-conditions you specified did not hold</Message><Condition>If-None-Match</Condition></Error>';

function exists(store: Stores['s3Store'], bucket: string, key: string): boolean {
  try {
    store.headObject(bucket, key);
    return true;
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return false;
    throw error;
  }
}
