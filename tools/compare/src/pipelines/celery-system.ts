import { join } from 'node:path';
import { freePorts } from '@millrace/local-stack';
import { Child } from '../child.js';
import { crew } from '../crew.js';
import { celeryFolder, python, setUpPython } from './celery-python.js';
import type { PipelineSystem } from './system.js';

const quiet = ['--without-gossip', '--without-mingle', '--without-heartbeat', '--loglevel', 'WARNING'];
const worker = (queue: string, pool: string, concurrency: number) => ['celery', '-A', 'pipeline', 'worker', '-Q', queue, '-P', pool, '-c', String(concurrency), '-n', `${queue}@compare`, ...quiet];

/** Celery 5.2: gunicorn with one gevent worker, two gevent workers of 100, and a prefork worker of two processes. */
export const celerySystem: PipelineSystem = {
  prepare: setUpPython,
  start: async ({ redisUrl, folder, undo }, callbackSecret) => {
    const [port = 0] = await freePorts(1);
    const env = { ...process.env, COMPARE_REDIS_URL: `${redisUrl}/0`, COMPARE_CALLBACK_SECRET: callbackSecret, PYTHONDONTWRITEBYTECODE: '1' };
    const commands = {
      web: ['gunicorn', '-k', 'gevent', '-w', '1', '--keep-alive', '75', '--log-level', 'warning', '-b', `127.0.0.1:${port}`, 'web:web'],
      orch: worker('orch', 'gevent', 100),
      dist: worker('dist', 'gevent', 100),
      tasks: worker('tasks', 'prefork', 2),
    };
    const children = Object.entries(commands).map(
      ([name, command]) => new Child({ name: `celery-${name}`, command: python, args: ['die_with_parent.py', ...command], env, cwd: celeryFolder, logFile: join(folder, `${name}.log`), ipc: false }),
    );
    return { apiUrl: `http://127.0.0.1:${port}`, ...(await crew(children, undo)) };
  },
};
