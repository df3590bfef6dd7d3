import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { CONFIG, LOGGER } from '../config/config.module.js';
import type { Logger } from '../config/logger.js';
import { Metrics } from '../metrics/metrics.js';
import { Changes } from './changes.js';
import { openDatabase, type Database } from './database.js';
import { nodeIdOf } from './cluster/node-id.js';
import { durabilityProblems } from './postgres/durability.js';
import { InOneProcess, type Settling } from './cluster/settling.js';

export const DATABASE = Symbol('Database');
export const SETTLING = Symbol('Settling');
/** Names this node in the database; empty where one process owns the data. */
export const NODE_ID = Symbol('NodeId');

@Global()
@Module({
  providers: [
    {
      provide: DATABASE,
      inject: [CONFIG, Metrics, LOGGER],
      useFactory: async ({ databaseServer, dataDir }: Config, metrics: Metrics, logger: Logger) => {
        const place = databaseServer ?? join(dataDir, 'hearthkey.db');
        const db = await openDatabase(place, (ms) => metrics.storeAnswered(ms));
        if (databaseServer !== undefined) await warnOfDurability(db, logger);
        return db;
      },
    },
    {
      provide: SETTLING,
      inject: [DATABASE, CONFIG, LOGGER],
      useFactory: async (db: Database, config: Config, logger: Logger): Promise<Settling> => {
        const { databaseServer, leaseMs } = config;
        if (databaseServer === undefined) return new InOneProcess();
        const onProblem = (problem: string, error?: unknown): void => logger.warn({ err: error }, problem);
        const { joinNodes } = await import('./cluster/join-nodes.js');
        return joinNodes(db, databaseServer, { leaseMs, onProblem });
      },
    },
    {
      provide: NODE_ID,
      inject: [CONFIG],
      useFactory: ({ databaseServer, dataDir }: Config) =>
        databaseServer === undefined ? '' : nodeIdOf(dataDir),
    },
    {
      provide: Changes,
      inject: [DATABASE, SETTLING, NODE_ID, Metrics],
      useFactory: (db: Database, settling: Settling, nodeId: string, metrics: Metrics) => {
        const changes = new Changes(db, settling, nodeId);
        changes.onSettled((ms) => metrics.settled(ms));
        return changes;
      },
    },
  ],
  exports: [DATABASE, SETTLING, NODE_ID, Changes],
})
export class StorageModule {}

async function warnOfDurability(db: Database, logger: Logger): Promise<void> {
  for (const { setting, problem } of await durabilityProblems(db))
    logger.warn(`the setting ${setting} of the database server ${problem}`);
}
