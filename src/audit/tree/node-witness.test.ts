import { beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/folders.js';
import { openStore } from '../../../test/support/store.js';
import type { Database } from '../../storage/database.js';
import { AuditKey, formatVerifierKey } from '../key/audit-key.js';
import { CosignatureStore } from './cosignature-store.js';
import { HeadStore } from './head-store.js';
import { GrowingTree } from './merkle.js';
import { NodeWitness } from './node-witness.js';
import { TreeProofs } from './proofs.js';
import { cosignedAt, signCheckpoint } from './signed-note.js';

const own = AuditKey.generate();
const other = AuditKey.generate();
const origin = `hearthkey/${'c'.repeat(32)}`;

let db: Database;
let file: string;
let witness: NodeWitness;
let changed: string[];

beforeEach(async () => {
  db = await openStore();
  file = join(temporaryFolder(), 'seen-nodes.json');
  changed = [];
  witness = open();
  await nodeHas('b', other);
});

function open(): NodeWitness {
  const onKeyChanged = (node: string): void => void changed.push(node);
  const stores = { heads: new HeadStore(db, 'a'), cosignatures: new CosignatureStore(db) };
  return new NodeWitness({ ...stores, db, key: own, node: 'a', file, onKeyChanged });
}

async function nodeHas(node: string, key: AuditKey): Promise<void> {
  const row = { verifier_key: formatVerifierKey(key.verifierKey), changed_at_ms: 0 };
  await db
    .insertInto('audit_nodes')
    .values({ node, ...row })
    .onConflict((conflict) => conflict.column('node').doUpdateSet(row))
    .execute();
}

const leavesOf = (size: number, kind = '.'): string[] =>
  Array.from({ length: size }, (_, index) => String(index).padEnd(32, kind));

/** The node's head in the database, with the proof that it goes on from a smaller one. */
async function store(
  leaves: readonly string[],
  before: number,
  { node = 'b', key = other, tree = origin, proofs = '' } = {},
): Promise<void> {
  const grown = new GrowingTree();
  for (const leaf of leaves) grown.push(leaf);
  const [size, root] = [leaves.length, grown.root()];
  const note = signCheckpoint(key, { origin: tree, size, root });
  const read = (_level: number, _index: number, width: number): Promise<Buffer> =>
    Promise.resolve(Buffer.from(leaves.slice(0, width).join(''), 'latin1'));
  const hashes = await new TreeProofs(size, read).consistency(before);
  const shown = { [before]: hashes.map((hash) => Buffer.from(hash, 'latin1').toString('base64')) };
  const head = { origin: tree, size, root, note, sequence: size };
  await new HeadStore(db, node).store(head, proofs === '' ? JSON.stringify(shown) : proofs, 0);
}

const signedSizes = async (tree = origin): Promise<number[]> =>
  (await new CosignatureStore(db).list(tree)).map(({ size, note, line }) =>
    cosignedAt(note, line, own.verifierKey) === undefined ? -1 : size,
  );

describe('what a node signs of another', () => {
  it('are heads that go on from the one before, also after a restart', async () => {
    await store(leavesOf(7), 0);
    await witness.look();
    expect(await signedSizes()).toEqual([7]);
    witness = open();
    await store(leavesOf(33), 7);
    await witness.look();
    expect(await signedSizes()).toEqual([33]);
    expect(witness.problems.size).toBe(0);
  });

  it('is no head of another record, nor one that went back, nor one without a proof', async () => {
    await store(leavesOf(7), 0);
    await witness.look();
    const wrong = [
      () => store(leavesOf(33, '!'), 7),
      () => store(leavesOf(7, '!'), 0),
      () => store(leavesOf(6), 0),
      () => store(leavesOf(33), 5),
      ...['', '{', 'null', '{"7":5}', '{"7":[5]}'].map(
        (proofs) => () => store(leavesOf(33), 0, { proofs: proofs || '{}' }),
      ),
    ];
    for (const begin of wrong) {
      await begin();
      witness.problems.clear();
      await witness.look();
      expect([...witness.problems.keys()]).toEqual([`b ${origin}`]);
      expect(await signedSizes()).toEqual([7]);
    }
  });

  it('is signed although a row of another node was spoilt', async () => {
    const tree = `hearthkey/${'0'.repeat(32)}`;
    const about = { node: '__proto__', tree, key: own };
    await nodeHas('__proto__', own);
    await store(leavesOf(3), 0, about);
    await store(leavesOf(7), 0);
    await witness.look();
    await store(leavesOf(5), 3, { ...about, proofs: '{' });
    await store(leavesOf(9), 7);
    await witness.look();
    expect(await signedSizes()).toEqual([9]);
    expect([...witness.problems.keys()]).toEqual([`__proto__ ${tree}`]);
    expect(changed).toEqual([]);
  });

  it('is nothing under another key than the first, of which there is an alert', async () => {
    await store(leavesOf(7), 0);
    await witness.look();
    const second = AuditKey.generate();
    await nodeHas('b', second);
    await store(leavesOf(9), 7, { key: second });
    await witness.look();
    await witness.look();
    expect(changed).toEqual(['b']);
    expect([...witness.problems.keys()].sort()).toEqual(['b', `b ${origin}`]);
    expect(await signedSizes()).toEqual([7]);
  });

  it('is missed while it is gone from the database', async () => {
    await store(leavesOf(7), 0);
    await witness.look();
    await db.deleteFrom('audit_heads').execute();
    await witness.look();
    expect([...witness.problems.values()].join()).toContain('is gone from the database');
    await store(leavesOf(7), 0);
    await witness.look();
    expect(witness.problems.size).toBe(0);
  });
});
