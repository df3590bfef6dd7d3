import { sql, type Selectable } from 'kysely';
import { readChangeNumber } from '../storage/changes.js';
import { NodeFloor } from '../storage/cluster/node-floor.js';
import type { Database, Transaction } from '../storage/database.js';
import type { UserRow } from '../storage/schema.js';
import type { User } from './user.js';

export class UserStore {
  constructor(
    private readonly db: Database,
    private readonly nodeFloor = new NodeFloor(),
  ) {}

  async find(name: string, db: Database | Transaction = this.db): Promise<User | undefined> {
    const row = await db.selectFrom('users').selectAll().where('name', '=', name).executeTakeFirst();
    return row && fromRow(row);
  }

  async list(): Promise<User[]> {
    const rows = await this.db.selectFrom('users').selectAll().orderBy('name').execute();
    return rows.map(fromRow);
  }

  /** The names of the administrators. */
  async administrators(db: Database | Transaction = this.db): Promise<ReadonlySet<string>> {
    const rows = await db.selectFrom('users').select('name').where('role', '=', sql.lit('admin')).execute();
    return new Set(rows.map(({ name }) => name));
  }

  /** Null: nobody can log in as this user with a password. */
  async passwordHash(name: string, db: Database | Transaction = this.db): Promise<string | null | undefined> {
    const row = await db
      .selectFrom('users')
      .select('password_hash')
      .where('name', '=', name)
      .executeTakeFirst();
    return row?.password_hash;
  }

  /** The number of the newest change of the store. */
  async changeNumber(): Promise<number> {
    return readChangeNumber(this.db);
  }

  /** The number of the last change that a panel's command made to a user; 0 where none did. */
  async lastChange(name: string, trx: Transaction): Promise<number> {
    const row = await trx
      .selectFrom('users')
      .select('changed_number')
      .where('name', '=', name)
      .executeTakeFirst();
    return Number(row?.changed_number ?? 0);
  }

  /**
   * @returns false when there is a user of that name already
   * @throws AppError 14 for an administrator, where a node runs that protects none
   */
  async insert(trx: Transaction, user: User, passwordHash: string | null): Promise<boolean> {
    if (user.role === 'admin') await this.nodeFloor.require(trx, 'administrators');
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('users')
      .values({
        name: user.name,
        email: user.email,
        package: user.package,
        first_name: user.firstName,
        last_name: user.lastName,
        password_hash: passwordHash,
        is_suspended: user.isSuspended ? 1 : 0,
        is_login_disabled: user.isLoginDisabled ? 1 : 0,
        created_at_ms: user.createdAtMs,
        role: user.role,
      })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirstOrThrow();
    return Number(numInsertedOrUpdatedRows ?? 0) === 1;
  }

  /** @throws AppError 14 as `insert` */
  async update(
    trx: Transaction,
    name: string,
    changes: Partial<Omit<Selectable<UserRow>, 'name'>>,
  ): Promise<void> {
    if (changes.role === 'admin') await this.nodeFloor.require(trx, 'administrators');
    await trx.updateTable('users').set(changes).where('name', '=', name).execute();
  }

  /** Whether a user can be made an administrator: no node runs that protects none. */
  async keepsAdministrators(): Promise<boolean> {
    return this.nodeFloor.isKept(this.db, 'administrators');
  }

  async delete(trx: Transaction, name: string): Promise<void> {
    await trx.deleteFrom('users').where('name', '=', name).execute();
  }
}

function fromRow(row: Selectable<UserRow>): User {
  return {
    name: row.name,
    email: row.email,
    package: row.package,
    firstName: row.first_name,
    lastName: row.last_name,
    hasPassword: row.password_hash !== null,
    isSuspended: row.is_suspended === 1,
    isLoginDisabled: row.is_login_disabled === 1,
    createdAtMs: Number(row.created_at_ms),
    role: row.role,
  };
}
