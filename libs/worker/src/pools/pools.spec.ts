import { Slots, systemClock } from '@millrace/kernel';
import { Metrics } from '@millrace/telemetry';
import { AsyncPool } from './async-pool.js';
import { ChildPool } from './child-pool.js';
import { forked } from './process-link.js';
import { describePool, type OpenPool } from './test/pool-conformance.js';
import { testParts } from './test/parts.js';
import { threaded } from './thread-link.js';

/** Children run what was built. */
const entry = new URL('../../dist/pools/test/child.js', import.meta.url);

describePool('async', async ({ folder, size, log }) => new AsyncPool(new Slots(size), { ...testParts(folder), log, clock: systemClock }));

const ofChildren = (kind: 'thread' | 'prefork') => async ({ folder, size, log }: OpenPool) => {
  const launch = (kind === 'thread' ? threaded : forked)(entry, []);
  const pool = new ChildPool({ kind, queue: 'work', least: size, most: size, launch, setup: folder }, { clock: systemClock, log, metrics: new Metrics('test') });
  await pool.start();
  return pool;
};

describePool('thread', ofChildren('thread'));
describePool('prefork', ofChildren('prefork'));
