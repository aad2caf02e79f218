import { type DynamicModule, Global, Module } from '@nestjs/common';
import { RUNTIME, type Runtime } from './runtime.js';

/** Makes the process's runtime injectable everywhere. */
@Global()
@Module({})
export class RuntimeModule {
  static of(runtime: Runtime): DynamicModule {
    return { module: RuntimeModule, providers: [{ provide: RUNTIME, useValue: runtime }], exports: [RUNTIME] };
  }
}
