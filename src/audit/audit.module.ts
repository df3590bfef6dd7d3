import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Global, Module } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { CONFIG, LOGGER } from '../config/config.module.js';
import type { Logger } from '../config/logger.js';
import { Changes } from '../storage/changes.js';
import type { Database } from '../storage/database.js';
import { DATABASE, NODE_ID } from '../storage/storage.module.js';
import { AuditLog, auditRecordFile } from './audit-log.js';
import { AuditReader } from './audit-reader.js';
import { OutboxRelay } from './outbox-relay.js';
import { OutboxStore } from './outbox-store.js';

@Global()
@Module({
  providers: [
    {
      provide: AuditLog,
      inject: [CONFIG, LOGGER],
      useFactory: ({ dataDir, auditSync }: Config, logger: Logger) => {
        mkdirSync(dirname(auditRecordFile(dataDir)), { recursive: true, mode: 0o700 });
        const onError = (error: unknown): void =>
          logger.error(error, 'the audit record could not be written');
        return new AuditLog({ dataDir, sync: auditSync, onError });
      },
    },
    {
      provide: AuditReader,
      inject: [CONFIG],
      useFactory: (config: Config) => new AuditReader(auditRecordFile(config.dataDir)),
    },
    {
      provide: OutboxRelay,
      inject: [DATABASE, NODE_ID, AuditLog, AuditReader, Changes, LOGGER],
      useFactory: async (
        db: Database,
        nodeId: string,
        log: AuditLog,
        reader: AuditReader,
        changes: Changes,
        logger: Logger,
      ) => {
        const relay = new OutboxRelay(new OutboxStore(db, nodeId), log, reader, (error) => {
          logger.error(error, 'audit events that were carried over could not be taken out of the store');
        });
        await relay.relayLeftovers();
        changes.onCommitted(() => relay.relay());
        return relay;
      },
    },
  ],
  exports: [AuditLog, AuditReader, OutboxRelay],
})
export class AuditModule {}
