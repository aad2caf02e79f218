export { type Adapters, type AwsProfile, openAdapters, type Profile, type RedisProfile } from './adapters.js';
export { App, type AppOptions, type Working, type WorkOptions } from './app.js';
export { childrenOf, type ChildrenInit, type Workload, type WorkloadModule } from './workload.js';
export { type WatchedModels, watchedModels } from './watched-models.js';
