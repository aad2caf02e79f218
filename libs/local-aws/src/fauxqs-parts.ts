import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { BuildAppOptions } from 'fauxqs';

export type Stores = NonNullable<BuildAppOptions['stores']>;
export type SqsQueue = ReturnType<Stores['sqsStore']['createQueue']>;
export type Persistence = NonNullable<Stores['sqsStore']['persistence']>;

/**
 * fauxqs' `buildApp` accepts stores, but the package exports none; only `startFauxqs` makes them, and that listens on
 * every network interface. So they are imported by file, which is why the version in package.json is exact.
 */
export async function makeStores(): Promise<Stores> {
  const [sqs, sns, s3] = await Promise.all([
    fromFauxqs<{ SqsStore: new () => Stores['sqsStore'] }>('sqs/sqsStore.js'),
    fromFauxqs<{ SnsStore: new () => Stores['snsStore'] }>('sns/snsStore.js'),
    fromFauxqs<{ S3Store: new () => Stores['s3Store'] }>('s3/s3Store.js'),
  ]);
  return { sqsStore: new sqs.SqsStore(), snsStore: new sns.SnsStore(), s3Store: new s3.S3Store() };
}

/** Loads what `dataDir` holds into the stores and writes every change of theirs to it (SQLite, surviving SIGKILL). */
export async function persistStores(stores: Stores, dataDir: string): Promise<Persistence> {
  const { PersistenceManager } = await fromFauxqs<{ PersistenceManager: new (dataDir: string) => Persistence }>('persistence.js');
  const persistence = new PersistenceManager(dataDir);
  const database: DatabaseSync = persistence['db'];
  database.exec('PRAGMA synchronous = NORMAL');
  // fauxqs 2.4.1 sets the receive count to NULL here, which the table refuses: the released message would be gone until a restart
  const release = database.prepare('UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?');
  persistence.updateMessageReady = (messageId) => void release.run(messageId);

  persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store);
  for (const store of Object.values(stores)) store.persistence = persistence;
  for (const queue of stores.sqsStore.allQueues()) queue.persistence = persistence;
  return persistence;
}

async function fromFauxqs<Module>(file: string): Promise<Module> {
  const manifest = findPackageJSON('fauxqs', import.meta.url);
  if (!manifest) throw new Error('fauxqs is not installed: run npm install');
  return await import(pathToFileURL(join(dirname(manifest), 'dist', file)).href);
}
