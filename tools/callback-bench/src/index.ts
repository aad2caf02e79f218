export { type Figures, measure, type MeasureOptions } from './measure.js';
export { type ReceiverKind, startReceivers } from './receivers.js';
