import { intents } from './intents.js';
import { textModel } from './text-model.js';

/** The intent of messages that ask for something else. */
export const noIntent = 'none';

export const spamModel = textModel(
  'spam',
  'befe412417963a0f87b8132b278b8b675037318a4364b49f436141104c941615',
  { buckets: 2 ** 15, slots: 512, pairs: false, characters: [2, 5], marks: true },
  ['ham', 'spam'],
);

export const sentimentModel = textModel(
  'sentiment',
  'bfcf15cab12159258a16249b26a804e9793504e22fc780d5657f02ea1359663e',
  { buckets: 2 ** 17, slots: 320, pairs: true, marks: true },
  ['negative', 'neutral', 'positive'],
);

export const recommendationModel = textModel(
  'recommendation',
  '9e2f01698318029a10f3f3c2ce3313c28d46ae634355b7b58204919d2ea4b042',
  { buckets: 2 ** 17, slots: 320, pairs: true, marks: true },
  ['not recommended', 'recommended'],
);

export const departmentModel = textModel(
  'department',
  '8efde453b7ce72d7b7b65caed304c55ec727251474f125d429cf66fe4bf5fec1',
  { buckets: 2 ** 17, slots: 768, pairs: true, characters: [3, 4], marks: true },
  ['bottoms', 'dresses', 'intimates', 'jackets', 'tops', 'trend'],
);

/** Punctuation does not count: none of the training questions that are of no intent has any, so that it would decide. */
export const intentModel = textModel('intent', '5035c6204b93c6a444f254db10a87e055e0a235689f37ca2feb0d1261df358e8', { buckets: 2 ** 15, slots: 512, pairs: true, characters: [2, 5], marks: false }, intents);
