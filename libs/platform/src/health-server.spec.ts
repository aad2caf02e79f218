import { Metrics } from '@millrace/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HealthServer } from './health-server.js';

let trouble: Error | undefined;
let health: HealthServer;
let url: string;
const ask = async (path: string) => {
  const response = await fetch(`${url}${path}`);
  return [response.status, (await response.text()).trim()];
};

beforeEach(async () => {
  trouble = undefined;
  health = new HealthServer(new Metrics('test'), async () => {
    if (trouble) throw trouble;
  });
  url = `http://127.0.0.1:${await health.listen('127.0.0.1', 0)}`;
});
afterEach(() => health.close());

describe('a health server', () => {
  it('says that the process lives before anything else is so', async () => {
    expect(await Promise.all(['/health/live', '/health/started', '/health/ready'].map(ask))).toEqual([[200, 'live'], [503, 'starting'], [503, 'starting or draining']]);
  });

  it('says that it has started from then on, and that it is ready until it drains', async () => {
    health.setReady(true);
    expect(await Promise.all(['/health/started', '/health/ready'].map(ask))).toEqual([[200, 'started'], [200, 'ready']]);
    health.setReady(false);
    expect(await Promise.all(['/health/live', '/health/started', '/health/ready'].map(ask))).toEqual([[200, 'live'], [200, 'started'], [503, 'starting or draining']]);
  });

  it('is not ready, but alive, while what it depends on does not answer', async () => {
    health.setReady(true);
    trouble = new Error('Redis does not answer');
    expect(await Promise.all(['/health/live', '/health/ready'].map(ask))).toEqual([[200, 'live'], [503, 'Redis does not answer']]);
  });

  it('gives metrics, and says what else there is', async () => {
    expect((await ask('/metrics'))[1]).toContain('millrace_');
    expect(await ask('/health')).toEqual([404, 'there is /health/live, /health/started, /health/ready and /metrics']);
  });
});
