export { benchDomains, benchErrors } from './bench.domain.js';
