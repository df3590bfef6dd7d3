import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database, Transaction } from '../storage/database.js';
import { pagesOf } from '../storage/pages.js';
import { removeRoleFile, writeRoleFile } from './role-files.js';

/** Said while the table has what files are to become: what stands there otherwise is old. */
const stagedName = 'apis_staged';
/** In the place of a text: the file is to go. No role file says so. */
const gone = 'gone';

/** Texts of role files by their names; null: gone. */
export type RoleTexts = ReadonlyMap<string, string | null>;

/**
 * Where one process owns the data: what role files are to become, from the commit of a change until they are so, even
 * if the process is killed in between. The table `apis` is used only for this there.
 */
export class StagedRoles {
  constructor(
    private readonly db: Database,
    private readonly directory: string,
  ) {}

  /** As part of a change; what was said of these files before is over, and of others stays. */
  async stage(trx: Transaction, texts: RoleTexts): Promise<void> {
    if (!(await isStaged(trx))) {
      await trx.deleteFrom('apis').execute();
      await trx.insertInto('meta').values({ name: stagedName, value: 'yes' }).execute();
    }
    for (const names of pagesOf([...texts.keys()]))
      await trx.deleteFrom('apis').where('name', 'in', names).execute();
    const rows = [...texts].map(([name, text]) => ({ name, text: text ?? gone }));
    for (const page of pagesOf(rows)) await trx.insertInto('apis').values(page).execute();
  }

  /** Forgets what has come true. @returns the names of the files that are not as they are to be */
  async finish(): Promise<string[]> {
    const missing: string[] = [];
    for (const [name, text] of await this.all()) {
      if (this.isSo(name, text)) await this.forget(name, text);
      else missing.push(name);
    }
    return missing.sort();
  }

  /** At the start: makes the files so. */
  async write(): Promise<void> {
    for (const [name, text] of await this.all()) {
      if (this.isSo(name, text)) continue;
      if (text === null) removeRoleFile(this.directory, name);
      else writeRoleFile(this.directory, name, text);
    }
    await this.finish();
  }

  private async all(): Promise<RoleTexts> {
    if (!(await isStaged(this.db))) return new Map();
    const rows = await this.db.selectFrom('apis').selectAll().execute();
    return new Map(rows.map(({ name, text }) => [name, text === gone ? null : text]));
  }

  private isSo(name: string, text: string | null): boolean {
    try {
      return readFileSync(join(this.directory, name), 'utf8') === text;
    } catch (error) {
      return text === null && (error as NodeJS.ErrnoException).code === 'ENOENT';
    }
  }

  /** Unless a change has said something else of it meanwhile. */
  private async forget(name: string, text: string | null): Promise<void> {
    await this.db
      .deleteFrom('apis')
      .where('name', '=', name)
      .where('text', '=', text ?? gone)
      .execute();
  }
}

async function isStaged(db: Database | Transaction): Promise<boolean> {
  const row = await db.selectFrom('meta').select('name').where('name', '=', stagedName).executeTakeFirst();
  return row !== undefined;
}
