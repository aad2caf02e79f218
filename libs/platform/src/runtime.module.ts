import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Runtime } from './runtime.js';

/** Makes the process's runtime injectable everywhere. */
@Global()
@Module({})
export class RuntimeModule {
  static of(runtime: Runtime): DynamicModule {
    return { module: RuntimeModule, providers: [{ provide: Runtime, useValue: runtime }], exports: [Runtime] };
  }
}
