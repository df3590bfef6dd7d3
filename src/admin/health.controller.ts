import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { readChangeNumber } from '../storage/changes.js';
import type { Database } from '../storage/database.js';
import { DATABASE } from '../storage/storage.module.js';

/** For load balancers and supervisors: is the process alive, and can it serve? */
@Controller()
export class HealthController {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  @Get('livez')
  livez(): { status: string } {
    return { status: 'ok' };
  }

  @Get('readyz')
  async readyz(): Promise<{ status: string }> {
    try {
      await readChangeNumber(this.db);
    } catch {
      throw new ServiceUnavailableException({ status: 'unavailable', reason: 'store_unavailable' });
    }
    return { status: 'ok' };
  }
}
