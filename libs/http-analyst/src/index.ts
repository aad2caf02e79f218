export { analystErrors } from './errors.js';
export { type AskedModel, httpAnalysis, type HttpAnalysisInit } from './http-analysis.js';
export type { Bounds, HttpServiceOptions } from './http-service.js';
export { type InferenceAnswer, InferenceModel, type InferenceModelOptions, type InferenceRequest } from './inference-model.js';
export { JsonModel, type JsonModelOptions } from './json-model.js';
export { type Datatype, matrixTensor, type Tensor } from './tensor.js';
