import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { Apis } from '../apis/apis.js';
import { readChangeNumber } from '../storage/changes.js';
import type { Database } from '../storage/database.js';
import type { Settling } from '../storage/settling.js';
import { DATABASE, SETTLING } from '../storage/storage.module.js';

/** For load balancers and supervisors: is the process alive, and can it serve? */
@Controller()
export class HealthController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(SETTLING) private readonly settling: Settling,
    @Inject(Apis) private readonly apis: Apis,
  ) {}

  @Get('livez')
  livez(): { status: string } {
    return { status: 'ok' };
  }

  @Get('readyz')
  async readyz(): Promise<{ status: string; apiDifferences?: string[] }> {
    let differences: string[];
    try {
      await readChangeNumber(this.db);
      if (this.settling.checkLease() === undefined) await this.settling.renewLease();
      differences = (await this.apis.differences()).map(({ api }) => api);
    } catch {
      throw new ServiceUnavailableException({ status: 'unavailable', reason: 'store_unavailable' });
    }
    // Such a node serves, with the narrower of both; whoever looks here should know.
    return { status: 'ok', ...(differences.length > 0 && { apiDifferences: differences }) };
  }
}
