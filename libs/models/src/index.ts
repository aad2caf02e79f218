export { modelErrors } from './errors.js';
export { defineModel, hurried, type LoadedModel, type ModelDefinition, modelReference, type Models } from './model.js';
export { loadOnnxModels, type OnnxModels, type OnnxModelsOptions } from './onnx-models.js';
