import { defineModel, type ModelDefinition } from '@millrace/models';
import { earlyFeatures, pageValueFeatures, type PurchaseFeature } from './features.js';

/** Probability of a purchase; sees PageValues. Both are trained by tools/models/sessions-purchase, which has their cards. */
export const pageValueModel = defineModel({
  name: 'sessions.purchase-intent-page-values',
  version: '1',
  file: new URL('../../models/purchase-with-page-values.onnx', import.meta.url),
  sha256: 'c1da59054c20359898c8a6374094f453e54ee692cc74ff7360dd41be2fcfffde',
  features: pageValueFeatures.length,
  input: 'features',
  output: 'score',
});

/** Probability of a purchase; sees nothing that is worked out from orders. */
export const earlyModel = defineModel({
  name: 'sessions.purchase-intent',
  version: '1',
  file: new URL('../../models/purchase-without-page-values.onnx', import.meta.url),
  sha256: 'fa1e50a67dfaad46959fb82d873450720afa7939dbc0859cc7ce24e6771bf1f6',
  features: earlyFeatures.length,
  input: 'features',
  output: 'score',
});

/** A model with the features that it takes. */
export interface PurchaseModel {
  readonly definition: ModelDefinition;
  readonly features: readonly PurchaseFeature[];
}

/** The model that sees as much as was sent. */
export const purchaseModelFor = (hasPageValues: boolean): PurchaseModel =>
  hasPageValues ? { definition: pageValueModel, features: pageValueFeatures } : { definition: earlyModel, features: earlyFeatures };
