import type pg from 'pg';
import { UnusableServer } from './postgres-errors.js';

/** What a session is set to. Startup parameters would do it too, but a pooler refuses most of them. */
export interface SessionLimits {
  /** After this the server itself gives a statement up. */
  statementMs: number;
  /** And after this a transaction that nobody goes on with: a node that stands still must not hold up the others. */
  abandonedMs: number;
  /** Of several hosts one that is read-only by its settings is left alone: so an old primary is fenced by hand. */
  isOneOfSeveral: boolean;
}

/** Read before the session's own default is set, which would hide that of the server. */
const stateColumns = `pg_is_in_recovery() as is_standby,
  current_setting('default_transaction_read_only') = 'on' as is_read_only`;

interface ServerState {
  is_standby: boolean;
  is_read_only: boolean;
}

/**
 * What a server's own defaults say must not change what a transaction means, nor what a commit promises: other levels
 * of `synchronous_commit` than `off` have a commit on the server's disk, and are the operator's choice. Changes of this
 * session are the service's own: the triggers that notice those of others, or complete them, leave them alone.
 */
const introduction = `select ${stateColumns},
  set_config('hearthkey.changes', 'own', false),
  set_config('hearthkey.traces', 'kept', false),
  set_config('default_transaction_isolation', 'read committed', false),
  set_config('default_transaction_read_only', 'off', false),
  set_config('synchronous_commit', replace(current_setting('synchronous_commit'), 'off', 'on'), false),
  set_config('statement_timeout', $1, false),
  set_config('idle_in_transaction_session_timeout', $2, false)`;

/**
 * A standby answers what is asked, from data that may be old, and refuses each change. It is found out once for each
 * connection: the name of a database may lead to a standby for a while, and a connection stays where it was made to.
 */
export async function beginSession(
  client: pg.ClientBase,
  { statementMs, abandonedMs, isOneOfSeveral }: SessionLimits,
): Promise<void> {
  const values = [String(statementMs), String(abandonedMs)];
  const { rows } = await client.query<ServerState>(introduction, values);
  requireWritable(rows[0], isOneOfSeveral);
}

/**
 * The same rule for a connection that only listens for changes: no changes are made on a server that is read-only.
 *
 * @throws UnusableServer for a standby
 */
export async function requirePrimary(client: pg.ClientBase, isOneOfSeveral: boolean): Promise<void> {
  const { rows } = await client.query<ServerState>(`select ${stateColumns}`);
  requireWritable(rows[0], isOneOfSeveral);
}

function requireWritable(found: ServerState | undefined, isOneOfSeveral: boolean): void {
  if (found?.is_standby === true)
    throw new UnusableServer('it is a standby, which takes no changes', { isStandby: true });
  if (isOneOfSeveral && found?.is_read_only === true)
    throw new UnusableServer('it has default_transaction_read_only = on, so it counts as a standby', {
      isStandby: true,
    });
}
