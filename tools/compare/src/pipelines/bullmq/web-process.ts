import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Queue } from 'bullmq';
import type { Orchestrate } from './jobs.js';
import { connection, leaveNothing, setting } from '../../bullmq-settings.js';

const orch = new Queue<Orchestrate>('orch', { connection, defaultJobOptions: leaveNothing });

createServer((request, response) => void ingest(request, response)).listen(Number(setting('COMPARE_PORT')), '127.0.0.1');

async function ingest(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const payload = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  const url = new URL(request.url ?? '/', 'http://localhost').searchParams.get('callback');
  if (!payload.bench || !Array.isArray(payload.rows) || !url) return void response.writeHead(422).end('{"title":"not a payload of the bench"}');
  const id = randomUUID();
  await orch.add('orchestrate', { id, url, payload });
  response.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify({ id }));
}
