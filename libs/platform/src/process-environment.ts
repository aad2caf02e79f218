import { type Config, readConfig } from './config.js';

/** The configuration of this process. */
export const configFromProcess = (): Config => readConfig(process.env);
