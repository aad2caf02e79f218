import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyPhrases } from './key-phrases.js';
import { sharedPhrases } from './shared-phrases.js';

const signal = new AbortController().signal;
const texts = (...lines: string[]) => lines.map((text) => ({ title: '', text }));
const phrasesOf = async (...lines: string[]) => (await keyPhrases(texts(...lines), signal)).map(({ phrase, at }) => [phrase, at.length]);
const others = ['nothing here', 'warm and dry', 'blue', 'red', 'far too long'];

describe('keyPhrases', () => {
  it('finds what three messages share, with stop words only inside', async () => {
    expect(await phrasesOf('Runs true to size.', 'true to size for me', 'It was TRUE to size', ...others)).toEqual([['true to size', 3]]);
  });

  it('counts messages, not mentions, and leaves out what two share', async () => {
    expect(await phrasesOf('soft fabric, soft fabric, soft fabric', 'soft fabric', ...others)).toEqual([]);
  });

  it('does not reach across marks, numbers, masks, or from a title into its text', async () => {
    expect(await phrasesOf('soft, fabric', 'soft. fabric', 'soft 2 fabric', 'soft <order> fabric', 'soft (fabric)', ...others)).toEqual([]);
    const titled = Array.from({ length: 4 }, () => ({ title: 'soft', text: 'fabric' }));
    expect(await keyPhrases(titled, signal)).toEqual([]);
  });

  it('drops a pair that mostly comes within a longer phrase, and keeps one that does not', async () => {
    const within = ['worth every penny', 'worth every penny', 'worth every penny', ...others];
    expect(await phrasesOf(...within)).toEqual([['worth every penny', 3]]);
    const apart = ['dry clean only', 'dry clean only', 'dry clean only', 'dry clean', 'dry clean', 'dry clean', ...others];
    expect((await phrasesOf(...apart)).map(([phrase]) => phrase)).toContain('dry clean');
  });

  it('ranks by n · ln(n · N^(k−1) / ∏ nᵢ)', async () => {
    const found = await keyPhrases(texts('zip broke', 'zip broke', 'zip broke', 'zip', ...others, 'broke'), signal);
    expect(found).toEqual([{ phrase: 'zip broke', at: [0, 1, 2], score: expect.closeTo(3 * Math.log((3 * 10) / (4 * 4)), 9) }]);
  });

  it('stops with the signal’s reason', async () => {
    const reason = new Error('time is up');
    await expect(keyPhrases(texts('a b'), AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe('sharedPhrases', () => {
  it('finds the pairs and triples that counting all of them finds', async () => {
    const text = fc.array(fc.constantFrom('red', 'blue', 'coat', 'is', 'big', ','), { maxLength: 9 }).map((words) => words.join(' '));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 14 }), fc.integer({ min: 1, max: 4 }), async (lines, fewest) => {
        const { lexicon, phrases } = await sharedPhrases(texts(...lines), fewest, signal);
        const found = phrases.map(({ words, at }) => `${words.map((word) => lexicon.words[word]).join(' ')}: ${at.join()}`);
        expect(found.toSorted()).toEqual(counted(lines, fewest).toSorted());
      }),
      { numRuns: 60 },
    );
  });
});

/** By cutting every line into all its pairs and triples. */
function counted(lines: readonly string[], fewest: number): string[] {
  const at = new Map<string, Set<number>>();
  for (const [index, line] of lines.entries()) {
    for (const part of line.split(',').map((words) => words.split(' ').filter((word) => word !== ''))) {
      for (const length of [2, 3]) {
        for (let from = 0; from + length <= part.length; from++) {
          const phrase = part.slice(from, from + length).join(' ');
          at.set(phrase, (at.get(phrase) ?? new Set()).add(index));
        }
      }
    }
  }
  return [...at].filter(([, messages]) => messages.size >= fewest).map(([phrase, messages]) => `${phrase}: ${[...messages].join()}`);
}
