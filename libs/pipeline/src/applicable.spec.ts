import { type ArtifactRef, manifestContentType } from '@millrace/contracts';
import type { Domain } from '@millrace/domain';
import { MemoryArtifacts } from '@millrace/domain-testing';
import { describe, expect, it } from 'vitest';
import { filesOf, sharesOf } from './applicable.js';

const domain = (name: string, column: string): Domain =>
  ({ name, accepts: ({ head }: { head: string }) => head.split('\n')[0]?.split(',').includes(column) }) as unknown as Domain;
const domains = [domain('shop', 'price'), domain('web', 'page'), domain('mail', 'text')];
const csv = 'text/csv';

async function sent(...heads: readonly string[]) {
  const artifacts = new MemoryArtifacts();
  const files = await Promise.all(heads.map((head, index) => artifacts.write(`file-${index}`, Buffer.from(head), csv)));
  const raw = heads.length === 1 ? files[0]! : await artifacts.write('manifest', Buffer.from(JSON.stringify({ files })), manifestContentType);
  return { raw, artifacts, files };
}

describe('filesOf', () => {
  it('gives the raw data itself, or the files of a manifest', async () => {
    const one = await sent('price\n1');
    expect(await filesOf(one)).toEqual([one.raw]);
    const two = await sent('price\n1', 'page\n2');
    expect(await filesOf(two)).toEqual(two.files);
  });

  it('refuses a manifest that is none', async () => {
    const artifacts = new MemoryArtifacts();
    const raw: ArtifactRef = await artifacts.write('manifest', Buffer.from('{"files": [{"key": "../other"}]}'), manifestContentType);
    await expect(filesOf({ raw, artifacts })).rejects.toThrow(/sha256/);
  });
});

describe('sharesOf', () => {
  it('goes by content', async () => {
    expect(await sharesOf(domains, null, await sent('page,price\n1,2'))).toEqual([{ domain: 'shop' }, { domain: 'web' }]);
    expect(await sharesOf(domains, null, await sent('text\nhello'))).toEqual([{ domain: 'mail' }]);
  });

  it('gives each domain the files that are its own', async () => {
    const ctx = await sent('price\n1', 'text\nhello', 'page,price\n1,2', 'a,b\n');
    expect(await sharesOf(domains, null, ctx)).toEqual([
      { domain: 'shop', files: [0, 2] },
      { domain: 'web', files: [2] },
      { domain: 'mail', files: [1] },
    ]);
  });

  it('gives domains that were asked for what is theirs, and everything when nothing is', async () => {
    expect(await sharesOf(domains, ['mail', 'shop'], await sent('price\n1'))).toEqual([{ domain: 'mail' }, { domain: 'shop' }]);
    expect(await sharesOf(domains, ['web', 'shop'], await sent('price\n1', 'text\nhello'))).toEqual([{ domain: 'web' }, { domain: 'shop', files: [0] }]);
  });

  it.each([
    [['a,b\n'], /^the data \(text\/csv\) fits none of the domains shop, web, mail$/],
    [['a,b\n', 'c\n'], /^the 2 files fit none of the domains shop, web, mail$/],
    [['PK\u0003\u0004'], /^the data \(text\/csv\) cannot be read \(.*zip archive.*\), so it fits none of the domains/],
  ])('refuses what no domain takes: %j', async (heads, message) => {
    await expect(sharesOf(domains, null, await sent(...heads))).rejects.toMatchObject({ code: 'MILLRACE_DOMAIN_NONE', retryable: false, message: expect.stringMatching(message) });
  });

  it('refuses a domain that does not exist, before looking at anything', async () => {
    await expect(sharesOf(domains, ['bank'], await sent('price\n1'))).rejects.toMatchObject({ code: 'MILLRACE_DOMAIN_UNKNOWN', message: expect.stringContaining('shop, web, mail') });
  });
});
