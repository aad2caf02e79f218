import { defineModel } from '@millrace/models';
import { clusterFeatures } from './cluster-features.js';

/** Distances of a customer to the centres of the clusters; trained by tools/models/orders-segments, whose README is its card. */
export const clusterModel = defineModel({
  name: 'orders.segments',
  version: '1',
  file: new URL('../../models/orders-segments.onnx', import.meta.url),
  sha256: 'eef2ff1a05e83fe073dabe27920247639a9ef291eba203d45f79478be17c9073',
  features: clusterFeatures.length,
  input: 'features',
  output: 'score',
});

/** What the centres stand for, in the order of the model's distances: one order (small, just now, a while ago), a second, many. */
export const clusterNames = ['small', 'recent', 'quiet', 'returning', 'regular'] as const;
