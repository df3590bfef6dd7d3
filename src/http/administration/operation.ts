import { applyDecorators, Controller, SetMetadata, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCookieAuth,
  ApiDefaultResponse,
  ApiExtraModels,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { OPERATION, whoAmI, type Operation } from './command-of-operation.js';
import { CallerGuard } from './caller.guard.js';
import { LoginGuard } from './login.guard.js';
import { ProblemDto } from './problem.dto.js';

/** The command whose use case an operation is: who may run the command may call it. */
export function UsesCommand(command: string): MethodDecorator {
  return SetMetadata(OPERATION, { command } satisfies Operation);
}

/**
 * The same for an operation that shows a user who has logged in nothing but his own, whatever the command does.
 *
 * @param ofUsers - what it is to him, as the record has it (session-commands.ts)
 */
export function UsesCommandOrOwn(command: string, ofUsers: string): MethodDecorator {
  return SetMetadata(OPERATION, { command, ofUsers } satisfies Operation);
}

/** It runs no command: every caller may know who he is. */
export function Identifies(): MethodDecorator {
  return SetMetadata(OPERATION, { command: whoAmI } satisfies Operation);
}

/** A controller of REST v1: who calls is decided before a body is looked at, and errors are problems (RFC 9457). */
export function AdministrationController(path: string, tag: string): ClassDecorator {
  return applyDecorators(
    Controller(path),
    UseGuards(CallerGuard),
    ApiTags(tag),
    ApiBearerAuth('accessKey'),
    ApiCookieAuth('session'),
    describesProblems(),
  );
}

/** The same for somebody who has yet to say who he is. */
export function LoginController(path: string, tag: string): ClassDecorator {
  return applyDecorators(Controller(path), UseGuards(LoginGuard), ApiTags(tag), describesProblems());
}

function describesProblems(): ClassDecorator {
  return applyDecorators(
    ApiExtraModels(ProblemDto),
    ApiDefaultResponse({
      description: 'Refused, or failed: see `status`, `reason` and `detail`.',
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
    }),
  );
}
