export { feedbackErrors } from './errors.js';
export { feedbackDomain } from './feedback.domain.js';
