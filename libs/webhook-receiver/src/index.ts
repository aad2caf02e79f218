export { receiverErrors } from './errors.js';
export { CallbackReceiver, type ReceiverAnswer, type ReceiverOptions } from './receiver.js';
export { RecentIds, type SeenIds } from './seen-ids.js';
export { type CallbackHeaders, type SignedCallback, type Verified, verifyCallback, type VerifyOptions } from './verify.js';
export { type VerifyingKey, verifyingKey } from './verifying-key.js';
