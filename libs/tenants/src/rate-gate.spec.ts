import { ManualClock } from '@millrace/kernel';
import { MemoryDocumentStore } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { takeRequest } from './rate-gate.js';
import { TenantDirectory } from './tenant-settings.js';

describe('a tenant’s rate limit', () => {
  it('lets a burst through and then so many a minute, and tells what is left', async () => {
    const clock = new ManualClock();
    const documents = new MemoryDocumentStore(clock);
    const take = () => takeRequest(documents, 'acme', { perMinute: 120, burst: 3 });
    const first = await take();
    expect(first).toMatchObject({ allowed: true, headers: { 'ratelimit-policy': '"tenant";q=120;w=60;burst=3', ratelimit: '"tenant";r=2;t=1' } });
    await take();
    await take();
    expect(await take()).toMatchObject({ allowed: false, retryAfterSeconds: 1 });
    await clock.advance(500);
    expect((await take())?.allowed).toBe(true);
    expect((await takeRequest(documents, 'other', { perMinute: 120, burst: 3 }))?.allowed).toBe(true);
  });

  it('does not exist for a tenant without one', async () => {
    expect(await takeRequest(new MemoryDocumentStore(), 'acme', { maxInFlight: 3 })).toBeUndefined();
  });
});

describe('a tenant directory', () => {
  it('puts a tenant’s own limits over those of the deployment, within half a minute', async () => {
    const clock = new ManualClock();
    const documents = new MemoryDocumentStore(clock);
    const here = new TenantDirectory(documents, { perMinute: 60, maxInFlight: 10 }, clock);
    const elsewhere = new TenantDirectory(documents, {}, clock);
    expect(await here.settingsOf('acme')).toEqual({ perMinute: 60, maxInFlight: 10 });
    await elsewhere.change('acme', { perMinute: 600 });
    expect(await here.settingsOf('acme')).toEqual({ perMinute: 60, maxInFlight: 10 });
    await clock.advance(30_000);
    expect(await here.settingsOf('acme')).toEqual({ perMinute: 600, maxInFlight: 10 });
    await expect(here.change('Acme', {})).rejects.toMatchObject({ code: 'MILLRACE_TENANT_NAME' });
  });
});
