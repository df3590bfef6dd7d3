import { Global, Module } from '@nestjs/common';
import type { Config } from '../../config/config.js';
import { CONFIG, LOGGER } from '../../config/config.module.js';
import type { Logger } from '../../config/logger.js';
import { readTrustedCertificates } from '../../config/trusted-certificates.js';
import { Metrics } from '../../metrics/metrics.js';
import { RedisConnection } from './redis-connection.js';

/** The connection to Redis, for every module; undefined where none is set. */
@Global()
@Module({
  providers: [
    {
      provide: RedisConnection,
      inject: [CONFIG, LOGGER, Metrics],
      useFactory: ({ redis }: Config, logger: Logger, metrics: Metrics): RedisConnection | undefined => {
        if (redis === undefined) return undefined;
        const trusted =
          redis.caFile === undefined ? [] : readTrustedCertificates('HEARTHKEY_REDIS_CA', redis.caFile);
        return new RedisConnection(
          { ...redis, trusted },
          {
            ...eventsTo(logger),
            onAnswered: (ms) => metrics.redisAnswered(ms),
          },
        );
      },
    },
  ],
  exports: [RedisConnection],
})
export class RedisModule {}

function eventsTo(logger: Logger) {
  return {
    onLost: (reason: string) =>
      logger.warn({ reason }, 'Redis is out of reach: answers stay right, the first use of a key is slower'),
    onBack: () => logger.info('Redis answers again'),
    onRefused: (reason: string) => logger.warn({ reason }, 'Redis refused a command'),
  };
}
