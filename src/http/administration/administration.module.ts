import { Module, ValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { AuthorizationModule } from '../../authorization/authorization.module.js';
import { PeopleModule } from '../../authorization/people.module.js';
import { CommandsModule } from '../../commands/commands.module.js';
import { KeysModule } from '../../keys/keys.module.js';
import { AccessKeysController } from './access-keys/access-keys.controller.js';
import { KeyCallers } from './callers/key-callers.js';
import { SessionCallers } from './callers/session-callers.js';
import { LogInController } from './sessions/log-in.controller.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionsModule } from '../../sessions/sessions.module.js';
import { LoginGuard } from './login.guard.js';
import { CallerGuard } from './caller.guard.js';
import { problemOfInput } from './problem.js';
import { ProblemFilter } from './problem.filter.js';
import { UseCases } from './use-cases.js';

/** REST v1: administration by programs. */
@Module({
  imports: [AuthorizationModule, PeopleModule, CommandsModule, KeysModule, SessionsModule],
  controllers: [AccessKeysController, LogInController, SessionsController],
  providers: [
    UseCases,
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
