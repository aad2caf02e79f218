/** An event of a stream of server-sent events. */
export interface ServerSentEvent {
  readonly id: string;
  readonly data: string;
}

/** Reads events until the stream ends; comments and events without data are passed over. */
export async function* serverSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const frames = text.split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) yield* eventIn(frame);
    }
  } finally {
    await reader.cancel().catch(() => undefined); // it has ended by itself
  }
}

function eventIn(frame: string): readonly ServerSentEvent[] {
  const fields = new Map(frame.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]));
  const data = fields.get('data');
  return data === undefined ? [] : [{ id: fields.get('id') ?? '', data }];
}
