/** Characters of a message that are read; the rest is cut off. */
export const longestText = 4_000;

const mojibake: ReadonlyMap<string, string> = new Map([
  ['â€™', "'"],
  ['â€˜', "'"],
  ['â€œ', '"'],
  ['â€\u009D', '"'],
  ['â€“', '-'],
  ['â€”', '-'],
  ['â€¦', '...'],
  ['ã©', 'é'],
  ['ã¨', 'è'],
  ['ã¼', 'ü'],
  ['Ã©', 'é'],
  ['Ã¨', 'è'],
  ['Ã¼', 'ü'],
  ['Ã±', 'ñ'],
]);
const entities: ReadonlyMap<string, string> = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
  ['&#39;', "'"],
  ['&#34;', '"'],
  ['&nbsp;', ' '],
  ['&amp;', '&'],
]);

const broken = new RegExp([...mojibake.keys()].join('|'), 'g');
const entity = new RegExp([...entities.keys()].join('|'), 'g');
const apostrophe = /[\u2018\u2019\u201B\u2032`\u00B4]/g;
const quotation = /[\u201C-\u201F\u2033]/g;
const dash = /[\u2010-\u2015\u2212]/g;
/** Decimal digits of Arabic, Persian, Devanagari and Bengali; each run of ten begins at a multiple of 16, or 6 after it. */
const otherDigit = /[\u0660-\u0669\u06F0-\u06F9\u0966-\u096F\u09E6-\u09EF]/g;
// oxlint-disable-next-line no-control-regex, no-misleading-character-class -- control and combining characters are what is looked for
const blank = /[\u0000-\u0020\u007F-\u00A0\u00AD\u034F\u061C\u1680\u180E\u2000-\u200F\u2028-\u202F\u205F-\u206F\u3000\uFE00-\uFE0F\uFEFF]+/g;

/** What any of the steps would change; most messages have none of it. */
const unusual = /[^ -%'-_a-~]|^ | $| {2}/;

/**
 * One line in NFKC, with plain quotes, dashes and digits, without HTML entities and control characters; UTF-8 that was read as
 * Latin-1 is put right where it is common. The Python twin is tools/models/feedback/text.py; change both or neither.
 */
export function normalise(text: string): string {
  if (text.length <= longestText && !unusual.test(text)) return text;
  const plain = firstCharacters(text, longestText)
    .replace(broken, (found) => mojibake.get(found) ?? found)
    .replace(entity, (found) => entities.get(found) ?? found)
    .replace(apostrophe, "'")
    .replace(quotation, '"')
    .replace(dash, '-')
    .normalize('NFKC')
    .replace(otherDigit, asciiDigit);
  return plain.replace(blank, ' ').replace(/^ | $/g, '');
}

/** Characters are code points, so that none is cut in half. */
function firstCharacters(text: string, count: number): string {
  if (text.length <= count) return text.toWellFormed();
  return Array.from(text.slice(0, 2 * count)).slice(0, count).join('').toWellFormed();
}

const asciiDigit = (digit: string): string => {
  const code = digit.charCodeAt(0);
  return String((code - (code >= 0x0966 ? 6 : 0)) % 16);
};
