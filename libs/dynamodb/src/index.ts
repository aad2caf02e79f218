export { createDynamodbClient } from './create-client.js';
export { ensureTable, type TableShape } from './ensure-table.js';
