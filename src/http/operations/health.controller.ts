import { Controller, Get, Inject, Req, ServiceUnavailableException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AuditLog } from '../../audit/audit-log.js';
import { Apis } from '../../apis/apis.js';
import type { Config } from '../../config/config.js';
import { CONFIG } from '../../config/config.module.js';
import { version } from '../../config/version.js';
import { readChangeNumber } from '../../storage/changes.js';
import type { Database } from '../../storage/database.js';
import type { Settling } from '../../storage/cluster/settling.js';
import { DATABASE, SETTLING } from '../../storage/storage.module.js';
import { routes } from '../routes.js';
import { maySeeMetrics } from './metrics-callers.js';

const keptMs = 1000;

interface Liveness {
  status: string;
  /** For those who may see the metrics. */
  version?: string;
}

interface Readiness {
  status: string;
  /** Names of APIs whose role file here is not what the nodes agreed on: for those who may see the metrics. */
  apiDifferences?: string[];
  /** How many those are: for all others. */
  apiDifferenceCount?: number;
  /** What was not as it had been left in the audit record; to whom as with the APIs. */
  auditFindings?: string[];
  auditFindingCount?: number;
}

/** For load balancers and supervisors: is the process alive, and can it serve? */
@Controller()
export class HealthController {
  private last: { atMs: number; differences: Promise<string[]> } | undefined;

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(SETTLING) private readonly settling: Settling,
    @Inject(Apis) private readonly apis: Apis,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get(routes.livez.paths[0])
  livez(@Req() request: FastifyRequest): Liveness {
    // A version tells strangers which holes may be open.
    return maySeeMetrics(request, this.config.metricsFrom) ? { status: 'ok', version } : { status: 'ok' };
  }

  @Get(routes.readyz.paths[0])
  async readyz(@Req() request: FastifyRequest): Promise<Readiness> {
    let differences: string[];
    try {
      differences = await this.lookOncePerSecond();
    } catch {
      throw new ServiceUnavailableException({ status: 'unavailable', reason: 'store_unavailable' });
    }
    // Such a node serves, and records in a new tree (docs/adr/0012) or with the narrower role; operators should know.
    const problems = this.audit.record.findings.map(({ problem }) => problem);
    const isTold = maySeeMetrics(request, this.config.metricsFrom);
    const readiness: Readiness = { status: 'ok' };
    if (differences.length > 0)
      Object.assign(
        readiness,
        isTold ? { apiDifferences: differences } : { apiDifferenceCount: differences.length },
      );
    if (problems.length > 0)
      Object.assign(readiness, isTold ? { auditFindings: problems } : { auditFindingCount: problems.length });
    return readiness;
  }

  /** Anybody may ask, so the work for it doesn't grow with the number of those who do. */
  private lookOncePerSecond(): Promise<string[]> {
    const nowMs = performance.now();
    if (this.last === undefined || nowMs - this.last.atMs >= keptMs) {
      this.last = { atMs: nowMs, differences: this.look() };
    }
    return this.last.differences;
  }

  private async look(): Promise<string[]> {
    await readChangeNumber(this.db);
    if (this.settling.checkLease() === undefined) await this.settling.renewLease();
    return (await this.apis.differences()).map(({ api }) => api);
  }
}
