import { Controller, ForbiddenException, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../config/config.js';
import { CONFIG } from '../../config/config.module.js';
import type { Metrics } from '../../metrics/metrics.js';
import { routes } from '../routes.js';
import { maySeeMetrics } from './metrics-callers.js';
import { SERVICE_METRICS } from './metrics-sources.js';

/** For Prometheus, from the addresses of HEARTHKEY_METRICS_FROM; a request through a proxy gets nothing. */
@Controller()
export class MetricsController {
  constructor(
    @Inject(SERVICE_METRICS) private readonly metrics: Metrics,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get(routes.metrics.paths[0])
  async read(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!maySeeMetrics(request, this.config.metricsFrom)) throw new ForbiddenException();
    const { type, text } = await this.metrics.render();
    await reply.header('content-type', type).header('cache-control', 'no-store').send(text);
  }
}
