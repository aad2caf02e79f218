import { App, type AppOptions, type WorkOptions } from '@millrace/app';
import { workload } from './workload.js';

/** What a worker process is started with, as JSON in its argument. */
export type WorkerInit = Pick<AppOptions, 'profile' | 'queues' | 'routes'> & Omit<WorkOptions, 'queues'>;

const [, script, argument] = process.argv;
if (script === import.meta.filename && argument !== undefined) {
  const { profile, queues, routes, ...options } = JSON.parse(argument) as WorkerInit;
  const { tasks } = workload();
  const app = await App.open({ profile, tasks, workload: { module: new URL('./workload.js', import.meta.url) }, ...(queues && { queues }), ...(routes && { routes }) });
  const startedAt = performance.now();
  await app.work(options);
  process.stdout.write(`ready ${Math.round(performance.now() - startedAt)}\n`);
  process.on('SIGTERM', () => void app.close().then(() => process.exit()));
}
