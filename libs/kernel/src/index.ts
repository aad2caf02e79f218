export { assertNever } from './assert-never.js';
export { allMicrotasks, type Clock, every, nextTurn, sleep, systemClock } from './clock.js';
export { defineErrors, type ErrorCatalogue, type ErrorInit, type ErrorMaker, type ErrorSpec, messageOf, MillraceError } from './errors.js';
export { fnv1a, sortableId } from './ids.js';
export { ManualClock } from './manual-clock.js';
export { News } from './news.js';
export { Paced } from './paced.js';
export { type Random, seededRandom, systemRandom } from './random.js';
export { Slots } from './slots.js';
