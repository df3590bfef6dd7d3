import type { AuditLog } from '../audit-log.js';
import { treeOfTiles } from '../tree/grow-from-tiles.js';
import { isConsistent, TreeProofs, type SizedRoot } from '../tree/proofs.js';
import { openCheckpoint, originOf } from '../tree/signed-note.js';
import { TileStore } from '../tree/tile-store.js';
import type { PutAwayTree } from './statement.js';

/**
 * What of each tree lies before a line, by its size and its root: as the node has signed it, whatever the tiles on the
 * disk say.
 *
 * @param begins - lines with which trees begin
 * @param end - the first line that stays
 * @throws Error where tiles don't give what was signed
 */
export async function treesBefore(
  dataDir: string,
  log: Pick<AuditLog, 'record' | 'tree' | 'chainId'>,
  begins: readonly number[],
  end: number,
): Promise<PutAwayTree[]> {
  const trees: PutAwayTree[] = [];
  for (const begin of begins) {
    const store = new TileStore(dataDir, begin);
    const signed = await signedHead(log, store, begin);
    if (signed === undefined) continue;
    const size = Math.min(signed.size, end - begin);
    trees.push({ begin, size, root: size === signed.size ? signed.root : await rootAt(store, size, signed) });
  }
  return trees;
}

/** The newest signed head of a tree; the present one's is in memory. */
async function signedHead(
  { record, tree, chainId }: Pick<AuditLog, 'record' | 'tree' | 'chainId'>,
  store: TileStore,
  begin: number,
): Promise<SizedRoot | undefined> {
  const origin = originOf(chainId, begin);
  if (tree.signed?.origin === origin) return tree.signed;
  const found = openCheckpoint((await store.readCheckpoint()) ?? '', record.key.verifierKey);
  return found?.origin === origin ? found : undefined;
}

async function rootAt(store: TileStore, size: number, signed: SizedRoot): Promise<string> {
  const root = (await treeOfTiles(store, size)).root();
  const proofs = new TreeProofs(signed.size, (level, index, width) => store.read(level, index, width));
  if (!isConsistent({ size, root }, signed, await proofs.consistency(size)))
    throw new Error(
      `the tiles in ${store.folder} don't give what was signed: v-verify-audit makes them anew`,
    );
  return root;
}
