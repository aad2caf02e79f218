import { Metrics } from '@millrace/telemetry';

/** One for all simulated processes: nothing depends on it. */
export const metrics = new Metrics('simulation');
