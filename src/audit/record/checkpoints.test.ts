import { expect, it } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd } from '../../../test/support/clean-up.js';
import { temporaryFolder } from '../../../test/support/folders.js';
import { openStore } from '../../../test/support/store.js';
import { AuditLog } from '../audit-log.js';
import { CheckpointStore } from './checkpoint-store.js';
import { Checkpoints } from './checkpoints.js';

const fail = (error: unknown): void => {
  throw error as Error;
};

it('checkpoints that are no longer needed go away while the service runs, not only at its end', async () => {
  const dataDir = temporaryFolder();
  mkdirSync(join(dataDir, 'audit'));
  const db = await openStore();
  const log = new AuditLog({ dataDir, sync: 'second', onError: fail });
  atEnd(() => log.close());
  const values = Array.from({ length: 1100 }, (_, index) => ({
    ...{ chain: log.chainId, sequence: 1000 + index, hash: 'a'.repeat(64), created_at_ms: 0 },
  }));
  await db.insertInto('audit_checkpoints').values(values).execute();
  const checkpoints = new Checkpoints(new CheckpointStore(db, log.chainId), log, fail);
  for (let count = 0; count < 100; count++) {
    await log.append({ type: 'change', outcome: 'done', actor: { kind: 'service' } });
    await checkpoints.take();
  }
  const kept = await db.selectFrom('audit_checkpoints').select('sequence').orderBy('sequence').execute();
  expect([kept.length, kept[0]?.sequence]).toEqual([1000, 1100]);
});
