import { Module, type DynamicModule } from '@nestjs/common';
import { ApisModule } from './apis/apis.module.js';
import { ApprovalsModule } from './approvals/approvals.module.js';
import { AuditModule } from './audit/audit.module.js';
import { CommandsModule } from './commands/commands.module.js';
import type { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import type { Logger } from './config/logger.js';
import { DoctorModule } from './doctor/doctor.module.js';
import { HttpModule } from './http/http.module.js';
import { KeysModule } from './keys/keys.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { SecretsModule } from './secrets/secrets.module.js';
import { serviceParts } from './service-parts.js';
import { RedisModule } from './storage/redis/redis.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { StorageModule } from './storage/storage.module.js';
import { UsersModule } from './users/users.module.js';

/** The service, from the ground up: what every part may use, the domains, the commands, the adapters. */
@Module({})
export class AppModule {
  static with(config: Config, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ...[ConfigModule.with(config, logger), MetricsModule, StorageModule, RedisModule, SecretsModule],
        ...[
          AuditModule,
          UsersModule,
          ApprovalsModule,
          SessionsModule,
          KeysModule,
          ApisModule,
          DoctorModule,
          CommandsModule,
          HttpModule,
        ],
      ],
      providers: [serviceParts],
      exports: [serviceParts],
    };
  }
}
