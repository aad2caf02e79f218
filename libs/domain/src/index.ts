export { type DatasetResult, defineDomain, type Domain, type Insight, type PayloadSample, tasksOf } from './domain.js';
