import type { Database, Transaction } from '../storage/database.js';
import type { User } from './user.js';

/** Who the users are: the store's own, or those of a panel on this machine. */
export interface UserDirectory {
  find(name: string, db?: Database | Transaction): Promise<User | undefined>;
  /** In the order of their names. */
  list(): Promise<User[]>;
}
