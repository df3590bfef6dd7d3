import type { Database, Transaction } from '../storage/database.js';
import { createPepper, PepperError, readPepper, type Pepper } from './pepper.js';

const metaName = 'pepper_id';

export interface PepperOptions {
  file: string;
  /** Take the pepper of the file, or a new one, in place of the one that the store knows. */
  acceptNew: boolean;
}

/**
 * The pepper that belongs to the store. It is made only together with an empty store; later another one, or none, is
 * refused, unless it is taken over on purpose: then everything that was derived with the old one is forgotten, and
 * made anew at each key's next use.
 */
export async function installedPepper(db: Database, { file, acceptNew }: PepperOptions): Promise<Pepper> {
  const found = readPepper(file);
  const claimed = (await knownIdentifier(db)) === undefined ? await claim(db, file, found) : undefined;
  if (claimed !== undefined) return claimed;
  if (found !== undefined && found.identifier() === (await knownIdentifier(db))) return found;
  if (!acceptNew) {
    throw new PepperError(
      `${found === undefined ? `the pepper file ${file} is missing` : `the pepper in ${file} is not this store's`}: ` +
        'put the right one back, or start once with HEARTHKEY_NEW_PEPPER=yes (no key is lost; each is checked with ' +
        'argon2 once more)',
    );
  }
  return db.transaction().execute(async (trx) => {
    const pepper = found ?? createPepper(file);
    await forgetDerived(trx);
    await remember(trx, pepper);
    return pepper;
  });
}

async function knownIdentifier(db: Database): Promise<string | undefined> {
  const row = await db.selectFrom('meta').select('value').where('name', '=', metaName).executeTakeFirst();
  return row?.value;
}

/**
 * Binds the empty store to a pepper. Of several nodes that start on it at once, one does; the others wait for it, and
 * make no pepper of their own.
 *
 * @returns undefined when another node was first
 */
async function claim(db: Database, file: string, found: Pepper | undefined): Promise<Pepper | undefined> {
  return db.transaction().execute(async (trx) => {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('meta')
      .values({ name: metaName, value: '' })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirstOrThrow();
    if (Number(numInsertedOrUpdatedRows ?? 0) === 0) return undefined;
    // The file is on the disk before the store knows of it: a kill in between leaves a pepper that is found.
    const pepper = found ?? createPepper(file);
    await remember(trx, pepper);
    return pepper;
  });
}

/** Tags and the index of legacy keys: keyed digests of secrets under the pepper that is gone. */
async function forgetDerived(db: Transaction): Promise<void> {
  await db.updateTable('access_keys').set({ secret_tag: null }).execute();
  await db.updateTable('former_secrets').set({ tag: null }).execute();
  await db.updateTable('legacy_keys').set({ lookup_index: null }).execute();
}

async function remember(db: Transaction, pepper: Pepper): Promise<void> {
  const value = pepper.identifier();
  await db
    .insertInto('meta')
    .values({ name: metaName, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}
