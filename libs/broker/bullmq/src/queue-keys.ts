/** What BullMQ has beside the messages of a queue. */
const bullmqKeys: ReadonlySet<string> = new Set([
  'wait', 'prioritized', 'delayed', 'active', 'completed', 'failed', 'paused', 'waiting-children',
  'id', 'pc', 'de', 'stalled', 'stalled-check', 'repeat', 'limiter', 'meta', 'events', 'marker',
]);

/** What every key of a queue starts with, in BullMQ's layout. */
export const queuePrefix = (prefix: string, queue: string): string => `${prefix}:${queue}:`;

/** Whether a message of this id cannot be stored: its key would be taken for another of the queue's keys. */
export const isReservedId = (id: string): boolean => id === '' || id.includes(':') || bullmqKeys.has(id);
