import type { AttributeDefinition, GlobalSecondaryIndex } from '@aws-sdk/client-dynamodb';
import type { TableShape } from '@millrace/dynamodb';

/** Of the runs that are not over, by shard and time of the next sweep. */
export const dueIndex = 'due';

/** Of the runs that were begun with raw data, by shard and tenant, and time of creation. */
export const tenantIndex = 'tenants';

const tenantIndexAttributes: AttributeDefinition[] = [
  { AttributeName: 'tn', AttributeType: 'S' },
  { AttributeName: 'ca', AttributeType: 'N' },
];

const tenantIndexSchema: GlobalSecondaryIndex = {
  IndexName: tenantIndex,
  KeySchema: [
    { AttributeName: 'tn', KeyType: 'HASH' },
    { AttributeName: 'ca', KeyType: 'RANGE' },
  ],
  Projection: { ProjectionType: 'KEYS_ONLY' },
};

export const tableShape: TableShape = {
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'sh', AttributeType: 'S' },
    { AttributeName: 'sw', AttributeType: 'N' },
    ...tenantIndexAttributes,
  ],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: dueIndex,
      KeySchema: [
        { AttributeName: 'sh', KeyType: 'HASH' },
        { AttributeName: 'sw', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
    tenantIndexSchema,
  ],
};
