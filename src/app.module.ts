import { Module, type DynamicModule } from '@nestjs/common';
import { OperationsModule } from './http/operations/admin.module.js';
import { AuditModule } from './audit/audit.module.js';
import type { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import type { Logger } from './config/logger.js';
import { DecisionsModule } from './http/decisions/decisions.module.js';
import { DialectsModule } from './http/dialects.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { SecretsModule } from './secrets/secrets.module.js';
import { RedisModule } from './storage/redis/redis.module.js';
import { StorageModule } from './storage/storage.module.js';

/** The service, from the ground up: what every part may use, then the adapters, which bring what is between. */
@Module({})
export class AppModule {
  static with(config: Config, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(config, logger),
        MetricsModule,
        StorageModule,
        RedisModule,
        SecretsModule,
        AuditModule,
        DialectsModule,
        DecisionsModule,
        OperationsModule,
      ],
    };
  }
}
