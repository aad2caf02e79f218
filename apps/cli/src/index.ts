export { helpOf } from './command-spec.js';
export { cliErrors } from './errors.js';
export { createProgram } from './program.js';
