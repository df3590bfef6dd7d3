import { Module, ValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { AllowlistModule } from '../../allowlist/allowlist.module.js';
import { ApisModule } from '../../apis/apis.module.js';
import { ApprovalsModule } from '../../approvals/approvals.module.js';
import { AuditModule } from '../../audit/audit.module.js';
import { AuthorizationModule } from '../../authorization/authorization.module.js';
import { LeaksModule } from '../../authorization/leaks.module.js';
import { PeopleModule } from '../../authorization/people.module.js';
import { CatalogueModule } from '../../catalogue/catalogue.module.js';
import { CommandsModule } from '../../commands/commands.module.js';
import { DoctorModule } from '../../doctor/doctor.module.js';
import { KeysModule } from '../../keys/keys.module.js';
import { SettingsModule } from '../../settings/settings.module.js';
import { AccessKeysController } from './access-keys/access-keys.controller.js';
import { DerivedKeysController } from './access-keys/derived-keys.controller.js';
import { KeyCallers } from './callers/key-callers.js';
import { SessionCallers } from './callers/session-callers.js';
import { LogInController } from './sessions/log-in.controller.js';
import { LoginOptionsController } from './sessions/login-options.controller.js';
import { PasskeysController } from './sessions/passkeys.controller.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionsModule } from '../../sessions/sessions.module.js';
import { LoginGuard } from './login.guard.js';
import { AllowedIpsController } from './allowed-ips/allowed-ips.controller.js';
import { ApisController } from './apis/apis.controller.js';
import { AuditEventsController } from './audit/audit-events.controller.js';
import { EventStreams } from './audit/event-streams.js';
import { AuditVerificationsController } from './audit/audit-verifications.controller.js';
import { AlertsController } from './insight/alerts.controller.js';
import { InsightController } from './insight/insight.controller.js';
import { WhoAmIController } from './insight/whoami.controller.js';
import { LeakedSecretsController } from './leaked-secrets/leaked-secrets.controller.js';
import { LegacyKeysController } from './legacy-keys/legacy-keys.controller.js';
import { SettingsController } from './settings/settings.controller.js';
import { SuggestionsController } from './suggestions/suggestions.controller.js';
import { ApprovalsController } from './approvals/approvals.controller.js';
import { KeyTrialController } from './trials/key-trial.controller.js';
import { KeyUsageController } from './usage/key-usage.controller.js';
import { TrialsController } from './trials/trials.controller.js';
import { UsersController } from './users/users.controller.js';
import { CallerGuard } from './caller.guard.js';
import { problemOfInput } from './problem.js';
import { ProblemFilter } from './problem.filter.js';
import { UseCases } from './use-cases.js';

/** REST v1: administration by programs. */
@Module({
  imports: [
    ...[AuthorizationModule, CommandsModule, KeysModule, ApisModule, AllowlistModule, SettingsModule],
    ...[
      AuditModule,
      CatalogueModule,
      DoctorModule,
      PeopleModule,
      SessionsModule,
      LeaksModule,
      ApprovalsModule,
    ],
  ],
  controllers: [
    AccessKeysController,
    DerivedKeysController,
    LogInController,
    LoginOptionsController,
    SessionsController,
    PasskeysController,
    ApisController,
    AllowedIpsController,
    UsersController,
    LegacyKeysController,
    LeakedSecretsController,
    SettingsController,
    AuditEventsController,
    AuditVerificationsController,
    WhoAmIController,
    InsightController,
    SuggestionsController,
    ...[KeyTrialController, TrialsController, ApprovalsController, KeyUsageController],
    AlertsController,
  ],
  providers: [
    ...[UseCases, EventStreams],
    ...[CallerGuard, KeyCallers, SessionCallers, LoginGuard],
    { provide: APP_FILTER, useClass: ProblemFilter },
    {
      provide: APP_PIPE,
      useFactory: () =>
        new ValidationPipe({
          ...{ whitelist: true, forbidNonWhitelisted: true, transform: true },
          // What was sent may be a secret: it stays out of errors.
          validationError: { target: false, value: false },
          exceptionFactory: problemOfInput,
        }),
    },
  ],
})
export class AdministrationModule {}
