export { interruption, runCommand } from './command.js';
export { callbackSecret, newCallbackSecret, prepareDataFolder } from './data-folder.js';
export { dropKeys, type Profile, profileFrom, requireRedis } from './profile.js';
export { type Answer, type Answering, CallbackReceiver, eventOf, type ReceivedCallback } from './receiver.js';
export { type Payload, payloadOf, sendFile } from './send-file.js';
export { repositoryRoot, type ServiceName, serviceNames } from './service.js';
export { type ProcessName, Stack, type StackEvent, type StackOptions } from './stack.js';
export { type Column, tableLines } from './table.js';
export { Terminal } from './terminal.js';
