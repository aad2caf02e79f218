export { type Adapters, type AwsProfile, openAdapters, type Profile, type RedisProfile } from './adapters.js';
export { App, type AppOptions, type Working, type WorkOptions } from './app.js';
