import { defineModel } from '@millrace/models';
import { saleFeatures } from './features.js';

/** Probability of a later look at the sale; trained by tools/models/sessions-sale, whose README is its card. */
export const saleModel = defineModel({
  name: 'sessions.sale',
  version: '1',
  file: new URL('../../models/sale.onnx', import.meta.url),
  sha256: '6c8311798c09f36955ec36834a06170837d2756fd1f4510fcd32d220bb50fee5',
  features: saleFeatures.length,
  input: 'features',
  output: 'score',
});
