import { applyDecorators, Controller, SetMetadata, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiCookieAuth, ApiExtension, ApiExtraModels, ApiTags } from '../openapi/describe.js';
import { OPERATION, whoAmI, type Operation } from './command-of-operation.js';
import { needsSession } from '../../authorization/session-commands.js';
import { CallerGuard } from './caller.guard.js';
import { LoginGuard } from './login.guard.js';
import { ProblemDto } from './problem.dto.js';

/** The command whose use case an operation is: who may run the command may call it. */
export function UsesCommand(command: string): MethodDecorator {
  return needs({ command });
}

/**
 * The same for an operation that shows a user who has logged in nothing but his own, whatever the command does.
 *
 * @param ofUsers - what it is to him, as the record has it (session-commands.ts)
 */
export function UsesCommandOrOwn(command: string, ofUsers: string): MethodDecorator {
  return needs({ command, ofUsers });
}

function needs(operation: Operation): MethodDecorator {
  const { command } = operation;
  const described = needsSession(command)
    ? ApiExtension('x-hearthkey-needs-session', true)
    : ApiExtension('x-hearthkey-command', command);
  return applyDecorators(SetMetadata(OPERATION, operation), described);
}

/** It runs no command: every caller may know who he is. */
export function Identifies(): MethodDecorator {
  return SetMetadata(OPERATION, { command: whoAmI } satisfies Operation);
}

/**
 * A controller of REST v1: who calls is decided before a body is looked at, and errors are problems (RFC 9457). Which
 * ones an operation can answer with is added to the document in one place (../openapi/problem-answers.ts).
 */
export function AdministrationController(path: string, tag: string): ClassDecorator {
  return applyDecorators(
    Controller(path),
    UseGuards(CallerGuard),
    ApiTags(tag),
    ApiBearerAuth('accessKey'),
    ApiCookieAuth('session'),
    ApiExtraModels(ProblemDto),
  );
}

/** The same for somebody who has yet to say who he is. */
export function LoginController(path: string, tag: string): ClassDecorator {
  return applyDecorators(Controller(path), UseGuards(LoginGuard), ApiTags(tag), ApiExtraModels(ProblemDto));
}
