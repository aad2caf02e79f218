import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileFrom } from './arguments.js';
import { interruption, runCommand } from './command.js';
import { newCallbackSecret } from './data-folder.js';
import { dropKeys, profileFrom } from './profile.js';
import { CallbackReceiver, eventOf } from './receiver.js';
import { type Payload, payloadOf } from './send-file.js';
import { showEvent, showJourney } from './show.js';
import { Stack } from './stack.js';
import { Terminal } from './terminal.js';

const usage = `npm run demo [-- FILE]

Like npm start, on free ports and in a folder of its own, and ends after the first callback: exit code 0 when the
callback came, its signature is right and every task succeeded. With REDIS_URL it runs on that Redis.
`;
const interruptedCode = 130;

await runCommand(async (args) => {
  const file = fileFrom(args, process.env);
  const terminal = new Terminal();
  if (file === undefined) {
    terminal.line(usage);
    return 0;
  }
  const payload = await payloadOf(file);
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-demo-'));
  const code = await demonstrate(payload, dataDir, terminal);
  if (code === 0) await rm(dataDir, { recursive: true });
  else terminal.line(`logs: ${join(dataDir, 'logs')}`);
  return code;
});

async function demonstrate(payload: Payload, dataDir: string, terminal: Terminal): Promise<number> {
  const profile = profileFrom(process.env);
  const secret = newCallbackSecret();
  const prefix = basename(dataDir).toLowerCase();
  const stack = new Stack({ profile, dataDir, callbackSecret: secret, env: { MILLRACE_PREFIX: prefix }, onEvent: (event) => showEvent(event, terminal) });
  const receiver = await CallbackReceiver.start(secret);
  let started = false;
  const interrupted = interruption(() => void stack.stopNow()).then(() => interruptedCode);
  const journey = async (): Promise<number> => {
    await stack.start();
    started = true;
    terminal.status('');
    const callback = await showJourney(stack.apiUrl, receiver, payload, terminal);
    return callback && !callback.signatureProblem && eventOf(callback).data.status === 'completed' ? 0 : 1;
  };
  try {
    return await Promise.race([interrupted, journey()]);
  } finally {
    terminal.status('stopping …');
    await stack.stop();
    terminal.status('');
    await receiver.close();
    if (started && profile.name === 'redis') await dropKeys(profile.url, prefix);
  }
}
