import { defineModel } from '@millrace/models';
import { featureNames } from './features.js';

/** Log-odds that a line is wrong; trained by tools/models/orders-anomalies, whose README is its card. */
export const anomalyModel = defineModel({
  name: 'orders.anomalies',
  version: '2',
  file: new URL('../../models/orders-anomalies.onnx', import.meta.url),
  sha256: '1f8cbc234c45707ddd54f02c72f3fbf9707d9f2f9dca848b3372d372f2b47b11',
  features: featureNames.length,
  input: 'features',
  output: 'score',
});

/** In log-odds; above it lies 1 % of the untouched invoices of the months that the model was validated on. */
export const anomalyThreshold = 0.9508;
