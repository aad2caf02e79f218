import { describe, expect, it } from 'vitest';
import { readConfig } from './config.js';

describe('readConfig', () => {
  it('needs nothing: the defaults are the aws profile on loopback', () => {
    expect(readConfig({})).toMatchObject({ MILLRACE_PROFILE: 'aws', MILLRACE_HOST: '127.0.0.1', MILLRACE_DOMAINS: ['all'], MILLRACE_BUDGET_MS: 10_000 });
  });

  it('counts an empty variable as absent', () => {
    expect(readConfig({ MILLRACE_PORT: '' }).MILLRACE_PORT).toBe(8080);
  });

  it('names every wrong variable, a line each', () => {
    const read = () => readConfig({ MILLRACE_PORT: 'eighty', MILLRACE_PROFILE: 'kafka', MILLRACE_CALLBACK_ALLOW_PRIVATE: 'yes' });
    expect(read).toThrow(expect.objectContaining({ code: 'MILLRACE_CONFIG', message: expect.stringMatching(/MILLRACE_PROFILE.*\n.*MILLRACE_PORT.*\n.*MILLRACE_CALLBACK_ALLOW_PRIVATE/) }));
  });

  it('takes a pool for all queues, or one for each', () => {
    expect(readConfig({ MILLRACE_POOL: 'prefork' }).MILLRACE_POOL).toEqual([['*', 'prefork']]);
    expect(readConfig({ MILLRACE_POOL: 'analyses=prefork, datasets=thread' }).MILLRACE_POOL).toEqual([['analyses', 'prefork'], ['datasets', 'thread']]);
    expect(() => readConfig({ MILLRACE_POOL: 'analyses=fork' })).toThrow(expect.objectContaining({ code: 'MILLRACE_CONFIG', message: expect.stringContaining('MILLRACE_POOL') }));
    expect(() => readConfig({ MILLRACE_POOL: 'a=b=thread' })).toThrow(expect.objectContaining({ code: 'MILLRACE_CONFIG' }));
  });

  it('asks for a Redis with the redis profile', () => {
    expect(() => readConfig({ MILLRACE_PROFILE: 'redis' })).toThrow(/REDIS_URL: is needed with MILLRACE_PROFILE=redis/);
  });

  it('reads a secret from the file that NAME_FILE names, and says so when it cannot', () => {
    expect(() => readConfig({ MILLRACE_CALLBACK_SECRETS_FILE: '/nowhere/secret' })).toThrow(/MILLRACE_CALLBACK_SECRETS_FILE: the file \/nowhere\/secret cannot be read/);
  });
});
