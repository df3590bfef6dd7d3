import { applyDecorators, Controller, SetMetadata, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiDefaultResponse, ApiExtraModels, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { COMMAND_OF_OPERATION, whoAmI } from './command-of-operation.js';
import { CallerGuard } from './caller.guard.js';
import { ProblemDto } from './problem.dto.js';

/** The command whose use case an operation is: who may run the command may call it. */
export function UsesCommand(name: string): MethodDecorator {
  return SetMetadata(COMMAND_OF_OPERATION, name);
}

/** It runs no command: every caller may know who he is. */
export function Identifies(): MethodDecorator {
  return SetMetadata(COMMAND_OF_OPERATION, whoAmI);
}

/** A controller of REST v1: who calls is decided before a body is looked at, and errors are problems (RFC 9457). */
export function AdministrationController(path: string, tag: string): ClassDecorator {
  return applyDecorators(
    Controller(path),
    UseGuards(CallerGuard),
    ApiTags(tag),
    ApiBearerAuth('accessKey'),
    ApiExtraModels(ProblemDto),
    ApiDefaultResponse({
      description: 'Refused, or failed: see `status`, `reason` and `detail`.',
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
    }),
  );
}
