export { orderErrors } from './errors.js';
export { ordersDomain } from './orders.domain.js';
