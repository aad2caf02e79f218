export { type Config, configErrors, environment, readConfig } from './config.js';
export { listenError, listenErrors } from './health-server.js';
export { NestLog, wiringErrors } from './nest-log.js';
export { configOfOperator } from './process-environment.js';
export { profileOf, RUNTIME, type Runtime } from './runtime.js';
export { RuntimeModule } from './runtime.module.js';
export { runService, type Running, type Service } from './service.js';
export { Message, Task } from './strategy.js';
export { runWorker, type WorkerPlan, type WorkerService } from './worker-service.js';
