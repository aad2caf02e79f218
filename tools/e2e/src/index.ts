export { Product, type Sent } from './product.js';
