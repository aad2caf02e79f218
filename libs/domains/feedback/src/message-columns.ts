import type { RowColumns } from '@millrace/frame';

/** Reviews of products carry more than a text. */
export type FeedbackKind = 'reviews' | 'messages';

/** By kind; the first kind whose required columns a file announces is its kind. */
export const feedbackColumns = {
  reviews: { required: ['Review Text'], optional: ['Title', 'Rating', 'Recommended IND', 'Department Name', 'ReviewID', 'Clothing ID'] },
  messages: { required: ['text'], optional: ['id'] },
} as const satisfies Record<FeedbackKind, RowColumns>;

/** Undefined for a file of neither kind. */
export function kindOf(columns: readonly string[]): FeedbackKind | undefined {
  const has = (kind: FeedbackKind): boolean => feedbackColumns[kind].required.every((name) => columns.includes(name));
  return (['reviews', 'messages'] as const).find(has);
}
