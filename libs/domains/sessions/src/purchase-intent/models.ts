import { defineModel, type ModelDefinition } from '@millrace/models';
import { earlyFeatures, pageValueFeatures, type PurchaseFeature } from './features.js';

/** Probability of a purchase; sees PageValues. Both are trained by tools/models/sessions-purchase, which has their cards. */
export const pageValueModel = defineModel({
  name: 'sessions.purchase-intent-page-values',
  version: '2',
  file: new URL('../../models/purchase-with-page-values.onnx', import.meta.url),
  sha256: '74be7bbfbbd8af839845aff0ad083b349383064ede6738c0bed3693bfd7e3f6c',
  features: pageValueFeatures.length,
  input: 'features',
  output: 'score',
});

/** Probability of a purchase; sees nothing that is worked out from orders. */
export const earlyModel = defineModel({
  name: 'sessions.purchase-intent',
  version: '2',
  file: new URL('../../models/purchase-without-page-values.onnx', import.meta.url),
  sha256: 'd8823308cb071c829203b2fcde876b919e2833cc1455bdc0f44b264c1779de53',
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
