import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/folders.js';
import { recordedEvents } from '../support/record.js';
import { openStore, describeStores } from '../support/store.js';
import { patienceMs, within } from '../support/waiting.js';
import { Changes } from '../../src/storage/changes.js';
import type { Database } from '../../src/storage/database.js';
import type { AuditEvent, NewAuditEvent } from '../../src/audit/audit-event.js';
import { AuditLog } from '../../src/audit/audit-log.js';
import { RecordIndex } from '../../src/audit/record/record-index.js';
import { auditRecordFile } from '../../src/audit/record/record-files.js';
import { AuditReader } from '../../src/audit/record/audit-reader.js';
import { OutboxRelay } from '../../src/audit/outbox/outbox-relay.js';
import { OutboxStore } from '../../src/audit/outbox/outbox-store.js';
import { SerialQueue } from '../../src/concurrency/serial-queue.js';

let db: Database;
let changes: Changes;
let log: AuditLog;
let dataDir: string;
let errors: unknown[];

const event = (code: number): NewAuditEvent => ({
  type: 'change',
  outcome: 'done',
  actor: { kind: 'service' },
  code,
});

beforeEach(async () => {
  db = await openStore();
  changes = new Changes(db, undefined, '', new SerialQueue(patienceMs));
  dataDir = temporaryFolder();
  mkdirSync(join(dataDir, 'audit'));
  errors = [];
  log = new AuditLog({ dataDir, sync: 'second', onError: (error) => errors.push(error) });
});

afterEach(() => log.close());

function relay(): OutboxRelay {
  const reader = new AuditReader(
    dataDir,
    new RecordIndex(dataDir, log.record.key, (error) => errors.push(error)),
  );
  return new OutboxRelay(new OutboxStore(db), log, reader, (error) => errors.push(error));
}

const change = (code: number): Promise<void> => changes.run(async (made) => made.record(event(code)));

const recorded = (): AuditEvent[] => recordedEvents(auditRecordFile(dataDir));
const codes = (): unknown[] => recorded().map(({ code }) => code);
const left = async (): Promise<number> => (await db.selectFrom('audit_outbox').select('id').execute()).length;
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describeStores('the events of a change', () => {
  it('are in the record when the change returns, and then leave the store', async () => {
    const relaying = relay();
    changes.onCommitted(() => relaying.relay());
    for (const code of upTo(3)) {
      await change(code);
      expect(codes()).toEqual(upTo(code + 1));
    }
    await relaying.idle();
    expect(await left()).toBe(0);
  });

  it('keep their order and come once, with fifty changes at the same time', async () => {
    const relaying = relay();
    changes.onCommitted(() => relaying.relay());
    await Promise.all(upTo(50).map(change));
    expect(codes()).toEqual(upTo(50));
    await relaying.idle();
    expect(await left()).toBe(0);
  });

  it('come all of them where there are more than are read at once', async () => {
    const relaying = relay();
    changes.onCommitted(() => relaying.relay());
    await Promise.all(
      upTo(700).map(async (code) => {
        await change(code);
        if (code % 50 === 49) expect(codes()).toContain(code);
      }),
    );
    expect(codes()).toEqual(upTo(700));
    await changes.run(async (made) => upTo(700).forEach((code) => made.record(event(2000 + code))));
    expect(recorded()).toHaveLength(1400);
    expect(new Set(recorded().map(({ id }) => id)).size).toBe(1400);
  });
});

describeStores('what a kill left behind', () => {
  it('is carried over at the next start, once', async () => {
    for (const code of upTo(3)) await change(code);
    const first = relay();
    await first.relayLeftovers();
    await first.idle();
    await relay().relayLeftovers();
    expect(codes()).toEqual(upTo(3));
    expect(await left()).toBe(0);
  });

  it('is not written again where the kill came between the record and the store', async () => {
    for (const code of upTo(4)) await change(code);
    const rows = await db.selectFrom('audit_outbox').selectAll().orderBy('position').execute();
    for (const { id, event: text } of rows.slice(0, 2))
      await log.append({ ...(JSON.parse(text) as NewAuditEvent), id });
    const relaying = relay();
    await relaying.relayLeftovers();
    await relaying.idle();
    expect(codes()).toEqual(upTo(4));
    expect(await left()).toBe(0);
  });

  it('is nothing after an orderly end', async () => {
    await relay().relayLeftovers();
    expect(recorded()).toEqual([]);
  });
});

describeStores('when the record can not be written', () => {
  it('the events stay in the store, and come once it can be written again', async () => {
    const relaying = relay();
    const append = log.append.bind(log);
    log.append = () => Promise.reject(new Error('no space left on device'));
    await change(0);
    await relaying.relay();
    expect(codes()).toEqual([]);
    expect(await left()).toBe(1);
    expect(errors).not.toHaveLength(0);
    log.append = append;
    await within(3000, 'the event is there', () => codes().length === 1);
    await relaying.idle();
    expect(codes()).toEqual([0]);
  });
});
