export { measureIdle } from './idle.js';
export { measureSteady, type Steady, type SteadyFigures } from './steady.js';
