export { modelErrors } from './errors.js';
export { defineModel, type LoadedModel, type ModelDefinition, type Models } from './model.js';
export { loadOnnxModels } from './onnx-models.js';
