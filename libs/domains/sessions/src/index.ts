export { sessionErrors } from './errors.js';
export { sessionsDomain } from './sessions.domain.js';
