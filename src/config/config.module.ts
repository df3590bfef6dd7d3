import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from './config.js';
import type { Logger } from './logger.js';

export const CONFIG = Symbol('Config');
export const LOGGER = Symbol('Logger');

/** The configuration and the log, for every module. */
@Module({})
export class ConfigModule {
  static with(config: Config, logger: Logger): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useValue: logger },
      ],
      exports: [CONFIG, LOGGER],
    };
  }
}
