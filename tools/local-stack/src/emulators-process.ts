import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '@millrace/kernel';
import { startLocalAws } from '@millrace/local-aws';

/** How long the emulators outlive a launcher that died, so that the services can still drain. */
const lingerMs = 5000;

const [dataDir = '', sqsAndS3Port, dynamodbPort] = process.argv.slice(2);
try {
  const aws = await startLocalAws({ dataDir, sqsAndS3Port: Number(sqsAndS3Port), dynamodbPort: Number(dynamodbPort) });
  const stop = () => void aws.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('disconnect', () => void delay(lingerMs).then(stop));
} catch (error) {
  process.stderr.write(`the emulators cannot use ${dataDir}: ${messageOf(error)}. Is another Millrace running on the same data folder?\n`);
  process.exit(1);
}
