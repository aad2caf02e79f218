import { defineModel } from '@millrace/models';
import { featureNames } from './features.js';

/** Log-odds that a customer orders again within 30 days after the export; trained by tools/models/orders-repurchase, whose README is its card. */
export const repurchaseModel = defineModel({
  name: 'orders.repurchase',
  version: '1',
  file: new URL('../../models/orders-repurchase.onnx', import.meta.url),
  sha256: '59ea63f61147fbce34f9ef95be8d9ea9f0555d123438b192352e868cd2467043',
  features: featureNames.length,
  input: 'features',
  output: 'score',
});

export const repurchaseDays = 30;
