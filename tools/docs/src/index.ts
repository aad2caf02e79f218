export { configPage } from './config-page.js';
export { errorsPage } from './errors-page.js';
