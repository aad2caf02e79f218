import { defineModel } from '@millrace/models';
import { featureNames } from './outlook.js';

/** Natural logarithms of the next seven days' revenue against the usual week, low, expected and high; trained by tools/models/orders-revenue, whose README is its card. */
export const revenueModel = defineModel({
  name: 'orders.revenue',
  version: '1',
  file: new URL('../../models/orders-revenue.onnx', import.meta.url),
  sha256: '731e213a61f5d7866541d404c9681814a0bb4de82b8cbc9f79cdc3267913012b',
  features: featureNames.length,
  input: 'features',
  output: 'score',
});
