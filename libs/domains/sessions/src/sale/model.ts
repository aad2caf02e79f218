import { defineModel } from '@millrace/models';
import { saleFeatures } from './features.js';

/** Probability of a later look at the sale; trained by tools/models/sessions-sale, whose README is its card. */
export const saleModel = defineModel({
  name: 'sessions.sale',
  version: '2',
  file: new URL('../../models/sale.onnx', import.meta.url),
  sha256: '9e693fbb38553d8c954cdba97144e6cbc76006d0d6c1819ffc4ac2374990a69a',
  features: saleFeatures.length,
  input: 'features',
  output: 'score',
});
