export { MemoryArtifacts } from './memory-artifacts.js';
export { memoryContext, resultOf } from './memory-context.js';
