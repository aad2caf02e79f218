import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogues } from './errors-page.js';
import { pages } from './pages.js';

describe('generated documentation', () => {
  it.each(pages().map((page) => [page.file.pathname.split('/').at(-1), page] as const))('docs/%s is what the code says: run `npm run docs`', (_, { file, content }) => {
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  it('has each error code once, named for the product, with a sentence that says what to do', () => {
    const entries = catalogues.flatMap(({ catalogue }) => Object.entries(catalogue));
    expect(new Set(entries.map(([code]) => code)).size).toBe(entries.length);
    for (const [code, { help }] of entries) {
      expect(code).toMatch(/^MILLRACE_[A-Z0-9_]+$/);
      expect(help).toMatch(/^\S.{20,}\.$/);
    }
  });
});
