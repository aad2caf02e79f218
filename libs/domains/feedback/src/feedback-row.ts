import type { FeedbackKind } from './message-columns.js';
import { longestText, normalise } from './text/normalise.js';
import { mask } from './text/mask.js';

/** A row as it can be used. */
export interface FeedbackRow {
  readonly title: string;
  readonly text: string;
  /** 1 to 5; 0 for none. */
  readonly rating: number;
  readonly recommended: boolean | null;
  readonly department: string;
  /** Whether the end of the title or the text was cut off. */
  readonly cut: boolean;
}

/** Why a row cannot be used. The first that applies counts, in this order. */
export type RowFault = 'missing-text' | 'no-words' | 'bad-rating' | 'bad-recommendation' | 'duplicate';

const recommendations: ReadonlyMap<string, boolean | null> = new Map([
  ['', null],
  ['0', false],
  ['1', true],
]);
const ratingPattern = /^(?:[1-5](?:\.0)?)?$/;
const letter = /\p{L}/u;
const maskPattern = /<[a-z]+>/g;

/** From cells in the order of `feedbackColumns[kind]`. Nothing else sees a text before it is masked. */
export function parseRow(kind: FeedbackKind, cells: readonly string[]): FeedbackRow | RowFault {
  const [sent = '', sentTitle = '', rating = '', recommended = '', department = ''] = kind === 'reviews' ? cells : cells.slice(0, 1);
  const [title, text] = [mask(normalise(sentTitle)), mask(normalise(sent))];
  if (title === '' && text === '') return 'missing-text';
  if (!letter.test(`${title} ${text}`.replace(maskPattern, ''))) return 'no-words';
  if (!ratingPattern.test(rating.trim())) return 'bad-rating';
  const said = recommendations.get(recommended.trim());
  if (said === undefined) return 'bad-recommendation';
  const cut = Math.max(sent.length, sentTitle.length) > longestText;
  return { title, text, rating: Number(rating), recommended: said, department: mask(normalise(department)), cut };
}
