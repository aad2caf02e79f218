export { simulate, type SimulationOptions, type Verdict, type Wiring } from './simulate.js';
