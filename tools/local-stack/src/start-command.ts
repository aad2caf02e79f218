import { apiPortFrom, dataDirFrom, fileFrom } from './arguments.js';
import { interruption, runCommand } from './command.js';
import { callbackSecret, prepareDataFolder } from './data-folder.js';
import { profileFrom } from './profile.js';
import { CallbackReceiver } from './receiver.js';
import { payloadOf } from './send-file.js';
import { showCallback, showCurl, showEvent, showJourney } from './show.js';
import { Stack } from './stack.js';
import { Terminal } from './terminal.js';

const usage = `npm start [-- FILE]

Starts Millrace on this machine, sends FILE (default: samples/orders.csv) and shows the callback that comes of it.
Stays up until Ctrl-C. Settings: MILLRACE_PORT (8080), MILLRACE_DATA_DIR (.millrace), REDIS_URL (run on this Redis
instead of the built-in AWS emulators).
`;

await runCommand(async (args) => {
  const file = fileFrom(args, process.env);
  const terminal = new Terminal();
  if (file === undefined) {
    terminal.line(usage);
    return 0;
  }
  const payload = await payloadOf(file);
  const profile = profileFrom(process.env);
  const dataDir = dataDirFrom(process.env);
  await prepareDataFolder(dataDir);
  const secret = await callbackSecret(dataDir);
  const stack = new Stack({ profile, dataDir, callbackSecret: secret, apiPort: apiPortFrom(process.env), onEvent: (event) => showEvent(event, terminal) });
  const receiver = await CallbackReceiver.start(secret);
  const interrupted = interruption(() => void stack.stopNow());

  terminal.line(terminal.colours.bold(profile.name === 'aws' ? 'Millrace on the built-in AWS emulators' : 'Millrace on Redis'));
  const session = async (): Promise<void> => {
    await stack.start();
    terminal.status('');
    terminal.line(`\nThe ingestion API listens at ${stack.apiUrl}; data and logs are in ${dataDir}`);
    await showJourney(stack.apiUrl, receiver, payload, terminal);
    receiver.onCallback((callback) => showCallback(callback, terminal));
    showCurl(stack.apiUrl, receiver, terminal);
    terminal.line('\nCtrl-C stops everything.');
    await interrupted;
  };
  try {
    await Promise.race([interrupted, session()]);
  } catch (error) {
    terminal.status('');
    await stack.stop();
    throw error;
  }
  terminal.status('draining …');
  const drained = await stack.stop();
  terminal.status('');
  terminal.line(drained ? 'Drained and stopped.' : 'Stopped; what did not drain in time is done at the next start.');
  return 0;
});
