export { simulate, type SimulationOptions, type Verdict, type Wiring } from './simulate.js';
export { canvasWorkload } from './workload/calc.js';
export { productWorkload } from './workload/product.js';
export type { Workload } from './workload/workload.js';
