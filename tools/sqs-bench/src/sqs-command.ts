import { startLocalAws } from '@millrace/local-aws';
import { runCommand, tableLines, Terminal } from '@millrace/local-stack';
import { measureIdle } from './idle.js';
import { measureSteady, type SteadyFigures } from './steady.js';

const right = (title: string) => ({ title, align: 'right' }) as const;
const rate = 50;
const seconds = 20;
const queues = 3;
/** Twice as long as a poll waits. */
const idleSeconds = 40;

const kinds = { send: 'SendMessageBatch', receive: 'ReceiveMessage', delete: 'DeleteMessageBatch', visibility: 'ChangeMessageVisibilityBatch' };

await runCommand(async () => {
  const terminal = new Terminal();
  const aws = await startLocalAws();
  try {
    for (const line of await steadyLines(aws.sqsEndpoint)) terminal.line(line);
    terminal.line('');
    process.stderr.write(`${queues} idle queues, ${idleSeconds} s\n`);
    const calls = await measureIdle(aws.sqsEndpoint, queues, idleSeconds);
    terminal.line(`${queues} idle queues: ${(calls / queues / 2).toFixed(2)} calls per queue and 20 s`);
  } finally {
    await aws.close();
  }
  return 0;
});

async function steadyLines(endpoint: string): Promise<string[]> {
  const rows: string[][] = [];
  for (const batchMs of [0, 200]) {
    process.stderr.write(`${rate} tasks/s, batchMs ${batchMs}, ${seconds} s\n`);
    rows.push(rowOf(batchMs, await measureSteady({ endpoint, batchMs, rate, seconds })));
  }
  const columns = ['batchMs', 'tasks', ...Object.keys(kinds), 'all', 'p50 ms', 'p99 ms'].map(right);
  return [`API calls per task at ${rate} tasks/s, evenly spaced; from publish to handler in ms`, ...tableLines(columns, rows)];
}

function rowOf(batchMs: number, { tasks, calls, latencyMs }: SteadyFigures): string[] {
  const ofKind = Object.values(kinds).map((kind) => calls.get(kind) ?? 0);
  const all = [...calls.values()].reduce((sum, count) => sum + count, 0);
  return [String(batchMs), String(tasks), ...[...ofKind, all].map((count) => (count / tasks).toFixed(2)), latencyMs.p50.toFixed(0), latencyMs.p99.toFixed(0)];
}
