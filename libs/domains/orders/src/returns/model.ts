import { defineModel } from '@millrace/models';
import { featureNames } from './features.js';

/** Log-odds that a purchased line comes back within 30 days; trained by tools/models/orders-returns, whose README is its card. */
export const returnModel = defineModel({
  name: 'orders.returns',
  version: '1',
  file: new URL('../../models/orders-returns.onnx', import.meta.url),
  sha256: '888c6d9cce44ed18ac00a2024decb47c11b7d4da32bb41b59462350243494c75',
  features: featureNames.length,
  input: 'features',
  output: 'score',
});

/** Of the file of word weights that belongs to this version of the model. */
export const wordsSha256 = 'b539fc24c69ef39ce9c47e4fc50786a512c9a24cfc235fbee9b4fffa32732311';

export const returnDays = 30;

/** In log-odds; above it lie 5 % of the purchases of the months that the model was validated on. */
export const returnThreshold = -2.8833;
