import { defineModel } from '@millrace/models';
import { featureNames } from './features.js';

/** Log-odds that a line is wrong; trained by tools/models/orders-anomalies, whose README is its card. */
export const anomalyModel = defineModel({
  name: 'orders.anomalies',
  version: '1',
  file: new URL('../../models/orders-anomalies.onnx', import.meta.url),
  sha256: '9e6b3391f2d499f5900bf66decbf39e3b73d7f581da70fa1bca2283f8698ef76',
  features: featureNames.length,
  input: 'features',
  output: 'score',
});

/** In log-odds; above it lies 1 % of the untouched invoices of the months that the model was validated on. */
export const anomalyThreshold = 0.4759;
