import { Module } from '@nestjs/common';

/** Domain handlers are plain functions, so there is nothing to inject. */
@Module({})
export class AppModule {}
