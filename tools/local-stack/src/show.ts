import { relative } from 'node:path';
import { messageOf } from '@millrace/kernel';
import { callbackLines } from './callback-lines.js';
import { type CallbackReceiver, eventOf, type ReceivedCallback } from './receiver.js';
import { type Payload, sendFile } from './send-file.js';
import { repositoryRoot } from './service.js';
import type { StackEvent } from './stack.js';
import type { Terminal } from './terminal.js';

const callbackWithinMs = 60_000;

/** Tells how the start goes, and when a process dies. */
export function showEvent(event: StackEvent, terminal: Terminal): void {
  const { colours } = terminal;
  if (event.type === 'waiting') return terminal.status(`starting ${event.for.join(', ')} …`);
  if (event.type === 'ready') return terminal.line(`  ${colours.green('✓')} ${event.process.padEnd(20)} ${colours.dim(`${(event.ms / 1000).toFixed(1)} s`)}`);
  terminal.line(colours.yellow(`${event.process} died (${event.how}); it is started again in ${event.restartInMs} ms`));
}

/** Sends a file and shows the callback that comes of it; undefined when none comes within a minute. */
export async function showJourney(apiUrl: string, receiver: CallbackReceiver, payload: Payload, terminal: Terminal): Promise<ReceivedCallback | undefined> {
  const began = performance.now();
  terminal.line(`\nPOST ${relative(repositoryRoot, payload.file)} (${payload.bytes} bytes, ${payload.contentType})`);
  const id = await sendFile(apiUrl, payload, receiver.url);
  terminal.line(`202 Accepted, ${id}, after ${Math.round(performance.now() - began)} ms`);
  terminal.status('waiting for the callback …');
  const callback = await receiver.first((each) => eventOf(each).data.ingestionId === id, callbackWithinMs);
  terminal.status('');
  if (callback) showCallback(callback, terminal, callback.receivedAt - began);
  else terminal.line(terminal.colours.red(`no callback within ${callbackWithinMs / 1000} s; what became of it: curl ${apiUrl}/v1/ingestions/${id}`));
  return callback;
}

export function showCallback(callback: ReceivedCallback, terminal: Terminal, afterMs?: number): void {
  const { colours } = terminal;
  terminal.line(`\n${colours.bold('Callback')}${afterMs === undefined ? '' : ` ${Math.round(afterMs)} ms after the POST began`}`);
  if (callback.signatureProblem) terminal.line(colours.red(`✗ signature wrong: ${callback.signatureProblem}`));
  else terminal.line(`${colours.green('✓')} signature verified (Standard Webhooks v1)`);
  try {
    for (const line of callbackLines(eventOf(callback), colours)) terminal.line(line);
  } catch (error) {
    terminal.line(colours.red(`its body is not a callback of Millrace: ${messageOf(error)}`));
  }
}

/** How readers send a file of their own. */
export function showCurl(apiUrl: string, receiver: CallbackReceiver, terminal: Terminal): void {
  terminal.line(`\n${terminal.colours.bold('Your own file')} (columns as in samples/orders.csv; its callback is shown here)`);
  terminal.line(`  curl --data-binary @your.csv -H 'content-type: text/csv' '${apiUrl}/v1/ingestions?callback=${encodeURIComponent(receiver.url)}'`);
}
