import { Controller, Get } from '@nestjs/common';
import { PublicRoute } from '@hearthkey/gateway/nest';

@Controller()
export class HealthController {
  @Get('health')
  @PublicRoute()
  health(): { status: string } {
    return { status: 'ok' };
  }

  /** Nobody has said who may read it, so nobody may. */
  @Get('forgotten')
  forgotten(): string {
    return 'never sent';
  }
}
