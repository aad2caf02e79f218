export { type Checked, checkLayers, type Finding } from './check-layers.js';
export { selfTest } from './self-test.js';
