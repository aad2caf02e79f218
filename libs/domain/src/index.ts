export { type DatasetResult, defineDomain, type Domain, type DomainInit, type Insight, type PayloadSample, tasksOf } from './domain.js';
export {
  dataFiles,
  nameOf,
  nothingUsable,
  placeOf,
  readSources,
  rowsOf,
  type Source,
  type SourceFile,
  sourceFilesOf,
  type SourceRead,
  sourcesReport,
} from './sources.js';
export type { DomainSummary, Findings } from './summary.js';
export { countOf, inWords, percentOf, usability } from './wording.js';
