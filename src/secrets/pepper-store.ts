import type { Database } from '../storage/database.js';
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
  const known = await db.selectFrom('meta').select('value').where('name', '=', metaName).executeTakeFirst();
  const found = readPepper(file);
  if (known === undefined) {
    const pepper = found ?? createPepper(file);
    await remember(db, pepper);
    return pepper;
  }
  if (found?.identifier() === known.value) return found;
  if (!acceptNew) {
    throw new PepperError(
      `${found === undefined ? `the pepper file ${file} is missing` : `the pepper in ${file} is not this store's`}: ` +
        'put the right one back, or start once with HEARTHKEY_NEW_PEPPER=yes (no key is lost; each is checked with ' +
        'argon2 once more)',
    );
  }
  const pepper = found ?? createPepper(file);
  await forgetDerived(db);
  await remember(db, pepper);
  return pepper;
}

/** Tags and the index of legacy keys: keyed digests of secrets under the pepper that is gone. */
async function forgetDerived(db: Database): Promise<void> {
  await db.updateTable('access_keys').set({ secret_tag: null }).execute();
  await db.updateTable('legacy_keys').set({ lookup_index: null }).execute();
}

async function remember(db: Database, pepper: Pepper): Promise<void> {
  const value = pepper.identifier();
  await db
    .insertInto('meta')
    .values({ name: metaName, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}
