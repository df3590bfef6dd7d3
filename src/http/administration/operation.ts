import { applyDecorators, Controller, SetMetadata, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension, ApiExtraModels, ApiTags } from '../openapi/describe.js';
import { COMMAND_OF_OPERATION, whoAmI } from './command-of-operation.js';
import { CallerGuard } from './caller.guard.js';
import { ProblemDto } from './problem.dto.js';

/** The command whose use case an operation is: who may run the command may call it. */
export function UsesCommand(name: string): MethodDecorator {
  return applyDecorators(SetMetadata(COMMAND_OF_OPERATION, name), ApiExtension('x-hearthkey-command', name));
}

/** It runs no command: every caller may know who he is. */
export function Identifies(): MethodDecorator {
  return SetMetadata(COMMAND_OF_OPERATION, whoAmI);
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
    ApiExtraModels(ProblemDto),
  );
}
