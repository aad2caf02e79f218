import type { Insight } from '@millrace/domain';

/** The insight of an analysis whose data was not sent: why, and what to send. */
export const unavailable = (reason: string): Insight => ({ available: false, reason });
