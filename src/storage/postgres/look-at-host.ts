import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { UnusableServer } from './postgres-errors.js';

const answerMs = 5_000;
/** A host that stands still does not answer the end of a connection either. */
const farewellMs = 1_000;

/** Servers whose `version()` begins as that of PostgreSQL, and has this in it, too. */
const otherServers: readonly (readonly [mark: RegExp, name: string])[] = [
  [/-YB-/, 'YugabyteDB'],
  [/Redshift/, 'Amazon Redshift'],
  [/Greenplum/, 'Greenplum'],
  [/Materialize/, 'Materialize'],
  [/QuestDB/, 'QuestDB'],
  [/CedarDB/, 'CedarDB'],
  [/RisingWave/, 'RisingWave'],
];

/** @returns what the server is, where it isn't PostgreSQL */
export function otherServerOf(version: string): string | undefined {
  const known = otherServers.find(([mark]) => mark.test(version));
  if (known !== undefined) return known[1];
  if (version.startsWith('PostgreSQL ')) return undefined;
  const name = /^[A-Za-z]\w*/.exec(version)?.[0];
  return name ?? 'a server of another kind';
}

/**
 * Looks at a host before its first use, with connections that are left as they were found: what is set in a session
 * would stay behind on a pooler's connection that others get.
 *
 * @throws UnusableServer where it isn't PostgreSQL, or is a pooler that doesn't leave a session its connection
 */
export async function lookAtHost(options: pg.ClientConfig): Promise<void> {
  const [first, second] = [new Probe(options), new Probe(options)];
  try {
    await first.connect();
    await requirePostgres(first);
    await second.connect();
    await requireOwnConnections(first, second);
  } finally {
    await Promise.all([first.leave(), second.leave()]);
  }
}

/** A connection that can be left although the host says nothing. */
class Probe extends pg.Client {
  private readonly socket: Socket;

  constructor(options: pg.ClientConfig) {
    const socket = new Socket();
    super({ ...options, query_timeout: answerMs, stream: () => socket });
    this.socket = socket;
    this.on('error', () => undefined);
  }

  async leave(): Promise<void> {
    const end = this.end().catch(() => undefined);
    await Promise.race([end, sleep(farewellMs, undefined, { ref: false })]);
    this.socket.destroy();
  }
}

async function requirePostgres(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string }>('select version()');
  const other = otherServerOf(rows[0]?.version ?? '');
  if (other === undefined) return;
  throw new UnusableServer(
    `it is ${other}, which differs from PostgreSQL in what changes and leases rest on (locks, notices, triggers)`,
  );
}

/** How many times the test is repeated: other clients of the pooler can hide its mode in a single one. */
const rounds = 3;

/**
 * In session mode a client keeps one server process. In transaction mode two clients that end their transactions in this
 * order and ask again get each other's processes, whether the pooler hands out the newest or the oldest one first.
 */
async function requireOwnConnections(first: pg.Client, second: pg.Client): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await begin(first);
    const own = [await processOf(first)];
    await begin(second);
    own.push(await processOf(second));
    await second.query('commit');
    await first.query('commit');
    const after = [await processOf(first), await processOf(second)];
    if (after.some((process, index) => process !== own[index]))
      throw new UnusableServer(
        'a pooler in transaction mode is in front of it, and the service needs sessions; ' +
          'set pool_mode = session (PgBouncer), or use the address of PostgreSQL itself',
      );
  }
}

async function begin(client: pg.Client): Promise<void> {
  try {
    await client.query('begin');
  } catch (error) {
    const message = (error as Error).message;
    if (/timeout/i.test(message))
      throw new UnusableServer(
        `it gave no second connection within ${String(answerMs / 1000)} seconds; a pooler needs several connections ` +
          'for each node (pool_size)',
      );
    throw new UnusableServer(`it takes no transactions (${message}); a pooler has to be in session mode`);
  }
}

async function processOf(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ process: number }>('select pg_backend_pid() as process');
  return rows[0]?.process;
}
