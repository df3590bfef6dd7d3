import type { DatabaseServer } from '../../config/database-url.js';
import { ChangeNotices } from './change-notices.js';
import type { Database } from '../database.js';
import { Membership, type MembershipOptions } from './membership.js';
import { NodeStore } from './node-store.js';

/** Makes this process a node on a database that others may share; it applies their changes from now on. */
export async function joinNodes(
  db: Database,
  server: DatabaseServer,
  options: MembershipOptions,
): Promise<Membership> {
  const membership = new Membership(new NodeStore(db), options);
  const notices = new ChangeNotices(server, () => membership.wake());
  membership.onStop(() => notices.stop());
  await membership.join();
  notices.start();
  return membership;
}
