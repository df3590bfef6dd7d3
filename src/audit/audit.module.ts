import { mkdirSync } from 'node:fs';
import { Global, Module } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { CONFIG, LOGGER } from '../config/config.module.js';
import type { Logger } from '../config/logger.js';
import { Changes } from '../storage/changes.js';
import type { Database } from '../storage/database.js';
import { DATABASE, NODE_ID } from '../storage/storage.module.js';
import { AuditLog } from './audit-log.js';
import { auditFolder } from './record/record-files.js';
import { RecordIndex } from './record/record-index.js';
import { AuditReader } from './record/audit-reader.js';
import { Checkpoints } from './tree/checkpoints.js';
import { AuditWitnesses } from './tree/audit-witnesses.js';
import { CosignatureStore } from './tree/cosignature-store.js';
import { HeadStore } from './tree/head-store.js';
import { EventProver } from './tree/prove-event.js';
import { AuditVerifier } from './verify/audit-verifier.js';
import { OutboxRelay } from './outbox/outbox-relay.js';
import { OutsideChangeAlert } from './outside-change-alert.js';
import { OutboxStore } from './outbox/outbox-store.js';
import { Alerting } from './alerts/alerting.js';
import { AuditExport } from './sinks/audit-export.js';
import { AgreedKeep } from './put-away/agreed-keep.js';
import { AgreedKeepStore } from './put-away/agreed-keep-store.js';
import { Retention } from './put-away/retention.js';

@Global()
@Module({
  providers: [
    {
      provide: HeadStore,
      inject: [DATABASE, NODE_ID],
      useFactory: (db: Database, node: string) => new HeadStore(db, node),
    },
    {
      provide: AuditLog,
      inject: [CONFIG, HeadStore, NODE_ID, LOGGER],
      useFactory: async (config: Config, heads: HeadStore, node: string, logger: Logger) => {
        const { dataDir, auditSync, auditKeyFile, auditRecord: rotation } = config;
        mkdirSync(auditFolder(dataDir), { recursive: true, mode: 0o700 });
        const store = await heads.known();
        const log = new AuditLog({
          ...{ dataDir, keyFile: auditKeyFile, node, store, sync: auditSync, rotation },
          onError: (error) => logger.error(error, 'the audit record could not be written'),
          onNote: (text) => logger.warn(`the audit record: ${text}`),
        });
        for (const { problem } of log.record.findings) logger.error(`the audit record: ${problem}`);
        if (store.chain !== log.chainId) await heads.rememberChain(log.chainId);
        return log;
      },
    },
    {
      provide: CosignatureStore,
      inject: [DATABASE],
      useFactory: (db: Database) => new CosignatureStore(db),
    },
    {
      provide: Checkpoints,
      inject: [HeadStore, AuditLog, CosignatureStore, LOGGER],
      useFactory: (heads: HeadStore, log: AuditLog, cosignatures: CosignatureStore, logger: Logger) => {
        const onError = (error: unknown): void => {
          logger.error(error, 'the head of the audit record could not be signed or stored');
        };
        return new Checkpoints(heads, log, onError, cosignatures);
      },
    },
    {
      provide: AuditWitnesses,
      inject: [CONFIG, DATABASE, NODE_ID, AuditLog, Checkpoints, HeadStore, CosignatureStore, LOGGER],
      useFactory: async (
        { auditWitnesses }: Config,
        db: Database,
        node: string,
        log: AuditLog,
        checkpoints: Checkpoints,
        heads: HeadStore,
        cosignatures: CosignatureStore,
        logger: Logger,
      ) => {
        const witnesses = new AuditWitnesses(
          { places: auditWitnesses, db, node, log, heads, cosignatures },
          logger,
        );
        await witnesses.register();
        checkpoints.onStored((head) => witnesses.tell(head));
        return witnesses;
      },
    },
    {
      provide: AuditVerifier,
      inject: [CONFIG, AuditLog, Checkpoints, HeadStore, RecordIndex, AuditWitnesses],
      useFactory: (
        { dataDir }: Config,
        log: AuditLog,
        checkpoints: Checkpoints,
        store: HeadStore,
        index: RecordIndex,
        witnesses: AuditWitnesses,
      ) => new AuditVerifier({ dataDir, log, checkpoints, store, index, witnesses }),
    },
    {
      provide: EventProver,
      inject: [AuditLog, AuditReader, Checkpoints, CosignatureStore],
      useFactory: (
        log: AuditLog,
        reader: AuditReader,
        checkpoints: Checkpoints,
        cosignatures: CosignatureStore,
      ) => new EventProver(log, reader, checkpoints, cosignatures),
    },
    {
      provide: RecordIndex,
      inject: [CONFIG, AuditLog, LOGGER],
      useFactory: ({ dataDir }: Config, log: AuditLog, logger: Logger) => {
        const onError = (error: unknown): void => {
          logger.error(error, 'the index of the audit record could not be brought up to date');
        };
        return new RecordIndex(dataDir, log.record.key, onError, log.record.hasJustBeenSigned);
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
    {
      provide: Alerting,
      inject: [CONFIG, AuditLog, LOGGER],
      useFactory: ({ dataDir, alerts: settings }: Config, log: AuditLog, logger: Logger) =>
        new Alerting({
          ...{ settings, dataDir, log },
          onWarning: (text) => logger.warn(text),
          onRecovered: (text) => logger.info(text),
        }),
    },
    {
      provide: Retention,
      inject: [CONFIG, DATABASE, NODE_ID, Changes, AuditLog, AuditExport, Alerting, LOGGER],
      useFactory: (
        { dataDir, auditRecord: settings, needsApprovals }: Config,
        db: Database,
        node: string,
        changes: Changes,
        log: AuditLog,
        auditExport: AuditExport,
        alerting: Alerting,
        logger: Logger,
      ) =>
        new Retention({
          ...{ dataDir, settings, log },
          ...(needsApprovals && { agreed: new AgreedKeep(settings, new AgreedKeepStore(db, node), changes) }),
          slowestSink: () => slowestOf([auditExport.slowest, alerting.slowest]),
          onNote: (text) => logger.info(`the audit record: ${text}`),
          onError: (error) =>
            logger.error(error, 'the oldest files of the audit record could not be put away'),
        }),
    },
  ],
  exports: [
    ...[Alerting, AuditExport, AuditLog, AuditReader, AuditVerifier, AuditWitnesses, Checkpoints],
    ...[EventProver, OutboxRelay, RecordIndex, Retention, HeadStore],
  ],
})
export class AuditModule {}

/** Of those that there are, the one that has acknowledged least. */
function slowestOf<T extends { number: number }>(all: readonly (T | undefined)[]): T | undefined {
  return all.filter((one) => one !== undefined).sort((one, other) => one.number - other.number)[0];
}
