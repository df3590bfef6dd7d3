import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../storage/database.js';
import { replaceWholeFile } from '../../storage/sqlite/whole-file.js';

const pattern = /^[0-9a-f]{32}$/;

/** Which chain this data directory's record is; drawn once, and kept beside the record. */
export function readChainId(dataDir: string): string {
  const id = idInFile(dataDir) ?? randomBytes(16).toString('hex');
  if (idInFile(dataDir) !== id) replaceWholeFile(chainFile(dataDir), `${id}\n`);
  return id;
}

/**
 * The same for a node: once the store knows its chain, the store counts, and the file is put right. What lies beside
 * the record can be changed together with it, and under another ID no checkpoint would tell that its end was cut.
 *
 * @param node - names the node in the store; empty where one process owns it
 */
export async function installedChainId(
  db: Database,
  { node, dataDir, onNote }: { node: string; dataDir: string; onNote: (text: string) => void },
): Promise<string> {
  const name = node === '' ? 'audit_chain' : `audit_chain ${node}`;
  const row = await db.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirst();
  if (row === undefined) {
    const id = readChainId(dataDir);
    await db.insertInto('meta').values({ name, value: id }).execute();
    return id;
  }
  const found = idInFile(dataDir);
  if (found !== row.value) {
    const what = found === undefined ? 'none' : `the chain ${found}`;
    onNote(`${chainFile(dataDir)} named ${what}; put right: the store knows the chain ${row.value}`);
    replaceWholeFile(chainFile(dataDir), `${row.value}\n`);
  }
  return row.value;
}

/** Undefined: there is no such file, or nothing in it that could be an ID. */
function idInFile(dataDir: string): string | undefined {
  try {
    const id = readFileSync(chainFile(dataDir), 'utf8').trim();
    return pattern.test(id) ? id : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

function chainFile(dataDir: string): string {
  return join(dataDir, 'audit-chain');
}
