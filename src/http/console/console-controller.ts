import {
  applyDecorators,
  Controller,
  Inject,
  Injectable,
  NotFoundException,
  UseGuards,
  type CanActivate,
} from '@nestjs/common';
import type { Config } from '../../config/config.js';
import { CONFIG } from '../../config/config.module.js';

/** With HEARTHKEY_CONSOLE=no there is nothing at these paths. */
@Injectable()
export class ConsoleSwitch implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  canActivate(): boolean {
    if (!this.config.hasConsole) throw new NotFoundException();
    return true;
  }
}

/** Pages; they are no part of the OpenAPI document. */
export function ConsoleController(path: string): ClassDecorator {
  return applyDecorators(Controller(path), UseGuards(ConsoleSwitch));
}
