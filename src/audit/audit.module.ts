import { mkdirSync } from 'node:fs';
import { Global, Module } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { CONFIG, LOGGER } from '../config/config.module.js';
import type { Logger } from '../config/logger.js';
import { Changes } from '../storage/changes.js';
import type { Database } from '../storage/database.js';
import { DATABASE, NODE_ID } from '../storage/storage.module.js';
import { AuditLog } from './audit-log.js';
import { AuditVerifier } from './record/verify-record.js';
import { installedChainId } from './record/chain-id.js';
import { auditFolder } from './record/record-files.js';
import { RecordIndex } from './record/record-index.js';
import { AuditReader } from './record/audit-reader.js';
import { CheckpointStore } from './record/checkpoint-store.js';
import { Checkpoints } from './record/checkpoints.js';
import { OutboxRelay } from './outbox/outbox-relay.js';
import { OutsideChangeAlert } from './outside-change-alert.js';
import { OutboxStore } from './outbox/outbox-store.js';
import { AuditExport } from './sinks/audit-export.js';

@Global()
@Module({
  providers: [
    {
      provide: AuditLog,
      inject: [CONFIG, DATABASE, NODE_ID, LOGGER],
      useFactory: async ({ dataDir, auditSync }: Config, db: Database, node: string, logger: Logger) => {
        mkdirSync(auditFolder(dataDir), { recursive: true, mode: 0o700 });
        const onNote = (text: string): void => logger.warn(`the audit record: ${text}`);
        const chain = await installedChainId(db, { node, dataDir, onNote });
        const [checkpoint] = await new CheckpointStore(db, chain).list(1);
        return new AuditLog({
          dataDir,
          sync: auditSync,
          checkpoint,
          onError: (error) => logger.error(error, 'the audit record could not be written'),
          onNote,
        });
      },
    },
    {
      provide: Checkpoints,
      inject: [DATABASE, AuditLog, LOGGER],
      useFactory: (db: Database, log: AuditLog, logger: Logger) => {
        return new Checkpoints(new CheckpointStore(db, log.chainId), log, (error) => {
          logger.error(error, 'how far the audit record goes could not be kept in the store');
        });
      },
    },
    {
      provide: AuditVerifier,
      inject: [CONFIG, AuditLog, Checkpoints],
      useFactory: ({ dataDir }: Config, log: AuditLog, checkpoints: Checkpoints) =>
        new AuditVerifier(dataDir, log, checkpoints),
    },
    {
      provide: RecordIndex,
      inject: [CONFIG, AuditLog, LOGGER],
      useFactory: ({ dataDir }: Config, _log: AuditLog, logger: Logger) => {
        return new RecordIndex(dataDir, (error) => {
          logger.error(error, 'the index of the audit record could not be brought up to date');
        });
      },
    },
    {
      provide: AuditReader,
      inject: [CONFIG, RecordIndex],
      useFactory: ({ dataDir }: Config, index: RecordIndex) => new AuditReader(dataDir, index),
    },
    {
      provide: OutsideChangeAlert,
      inject: [AuditLog, Changes, LOGGER],
      useFactory: (log: AuditLog, changes: Changes, logger: Logger) => {
        const alert = new OutsideChangeAlert(log, logger);
        changes.onOutsideChange((table) => alert.tell(table));
        return alert;
      },
    },
    {
      provide: OutboxRelay,
      inject: [DATABASE, NODE_ID, AuditLog, AuditReader, Changes, LOGGER],
      useFactory: (
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
        changes.onCommitted(() => relay.relay());
        return relay;
      },
    },
    {
      provide: AuditExport,
      inject: [CONFIG, AuditLog, LOGGER],
      useFactory: ({ dataDir, auditExport: settings }: Config, log: AuditLog, logger: Logger) =>
        new AuditExport({
          ...{ settings, dataDir, log },
          onWarning: (text) => logger.warn(text),
          onRecovered: (text) => logger.info(text),
        }),
    },
  ],
  exports: [AuditExport, AuditLog, AuditReader, AuditVerifier, Checkpoints, OutboxRelay, RecordIndex],
})
export class AuditModule {}
