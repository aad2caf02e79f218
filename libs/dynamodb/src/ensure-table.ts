import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  DynamoDBServiceException,
  ResourceInUseException,
  ResourceNotFoundException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

/** A table that is billed per request and forgets items by their attribute `ttl`, in seconds since the epoch. */
export type TableShape = Pick<CreateTableCommandInput, 'AttributeDefinitions' | 'KeySchema' | 'GlobalSecondaryIndexes'>;

/** Creates the table unless it exists and waits until it can be used; may run in several processes at the same time. */
export async function ensureTable(client: DynamoDBClient, table: string, shape: TableShape): Promise<void> {
  const status = await tableStatus(client, table);
  if (status === undefined) await createTable(client, { ...shape, TableName: table, BillingMode: 'PAY_PER_REQUEST' });
  if (status !== 'ACTIVE') await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 0.2, maxDelay: 2 }, { TableName: table });
  await ensureExpiry(client, table);
}

async function tableStatus(client: DynamoDBClient, table: string): Promise<string | undefined> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    return Table?.TableStatus;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function createTable(client: DynamoDBClient, input: CreateTableCommandInput): Promise<void> {
  try {
    await client.send(new CreateTableCommand(input));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error; // another process creates it
  }
}

async function ensureExpiry(client: DynamoDBClient, table: string): Promise<void> {
  if (await expires(client, table)) return;
  try {
    await client.send(new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } }));
  } catch (error) {
    if (isUnknownOperation(error)) return; // an emulator, which keeps everything
    if (!(await expires(client, table))) throw error; // else another process did the same
  }
}

async function expires(client: DynamoDBClient, table: string): Promise<boolean> {
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: table }));
  const status = TimeToLiveDescription?.TimeToLiveStatus;
  return status === 'ENABLED' || status === 'ENABLING';
}

const isUnknownOperation = (error: unknown): boolean => error instanceof DynamoDBServiceException && error.name === 'UnknownOperationException';
