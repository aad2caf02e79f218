const email = /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/g;
const namedId =
  /(?<![A-Za-z])((?:order|invoice|booking|reference|ref|tracking|parcel|shipment|ticket|case|transaction)(?: ?(?:number|no|num|nr|id|code))?(?: is| was)?[ .:#-]{0,3})(?=[A-Za-z-]{0,123}[0-9])([A-Za-z0-9]{1,24}(?:-[A-Za-z0-9]{1,24}){0,4})(?![A-Za-z0-9])/gi;
const hashId = /(?<![A-Za-z0-9&])(# ?)([A-Za-z0-9]{1,24}(?:-[A-Za-z0-9]{1,24}){0,4})(?![A-Za-z0-9])/g;
const code = /(?<![A-Za-z0-9-])[A-Z]{1,5}-?[0-9]{5,20}(?:-[A-Z0-9]{1,12}){0,3}(?![A-Za-z0-9])/g;
/** Seven digits and more, with few separators between them, and not a sum of money. */
const longNumber = /(?<![0-9])(?<![0-9][.,])(?<![£$€])[+(]{0,2}[0-9](?:(?: - |[ ()./-]{0,2})[0-9]){6,24}(?![0-9])/g;
const day = '(?:(?:19|20)[0-9]{2}[-./ ][0-9]{1,2}[-./ ][0-9]{1,2}|[0-9]{1,2}[-./ ][0-9]{1,2}[-./ ](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2})';
const dateOrDecimal = new RegExp(`^(?:${day}(?: ?[-/] ?${day})?(?: [0-9]{1,2})?|(?:0|[1-9][0-9]*)\\.[0-9]{1,2})$`);
/** How numbers of telephones begin, or a group of three digits; a list of sizes has neither. */
const phoneLike = /^(?:[+(]|0[0-9])|[0-9]{3}/;

/** Digits of the longest telephone number. */
const longestPhone = 15;

/** Without either there is nothing to mask. */
const digitOrAt = /[0-9@]/;

/** What stands in place of what was masked. */
export const masks = ['<email>', '<order>', '<phone>', '<number>'] as const;
export type Mask = (typeof masks)[number];

/** How often what was masked may have hidden what stands next to it; hostile text could go on. */
const mostPasses = 8;

/**
 * Puts `<email>`, `<order>`, `<phone>` and `<number>` (16 digits and more) in place of what identifies people and their orders. Takes
 * normalised text. The Python twin is tools/models/feedback/text.py; change both or neither.
 */
export function mask(text: string): string {
  let masked = text;
  for (let pass = 0; pass < mostPasses && digitOrAt.test(masked); pass++) {
    const before = masked;
    masked = maskedOnce(before);
    if (masked === before) break;
  }
  return masked;
}

const maskedOnce = (text: string): string =>
  text.replace(email, '<email>').replace(namedId, maskedId).replace(hashId, maskedId).replace(code, '<order>').replace(longNumber, maskedNumber);

const maskedId = (found: string, before: string, id: string): string => (isId(id) ? `${before}<order>` : found);

/** Four digits, or three among letters. */
function isId(text: string): boolean {
  const digits = countDigits(text);
  return digits >= 4 || (digits === 3 && text.length > 3);
}

function maskedNumber(found: string): string {
  if (dateOrDecimal.test(found) || !phoneLike.test(found)) return found;
  return countDigits(found) <= longestPhone ? '<phone>' : '<number>';
}

const countDigits = (text: string): number => text.replace(/[^0-9]/g, '').length;
