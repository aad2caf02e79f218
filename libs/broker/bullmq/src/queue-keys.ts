import { QueueKeys } from 'bullmq';

const bullmqKeys: ReadonlySet<string> = new Set(Object.keys(new QueueKeys().getKeys('any')));

/** What every key of a queue starts with, in BullMQ's layout. */
export const queuePrefix = (prefix: string, queue: string): string => `${prefix}:${queue}:`;

/** Whether a message of this id cannot be stored: its key would be taken for another of the queue's keys. */
export const isReservedId = (id: string): boolean => id === '' || id.includes(':') || bullmqKeys.has(id);
