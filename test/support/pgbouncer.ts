/** A real PgBouncer before a PostgreSQL server, on a port of its own; gone when the test file ends. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd } from './clean-up.js';
import { temporaryFolder } from './folders.js';
import { freePort } from './free-port.js';
import { ownerOfServers, queryOnce, spawnAsPostgres, untilAnswers, type PostgresServer } from './postgres.js';

export type PoolMode = 'session' | 'transaction' | 'statement';

export class PgBouncer {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
  ) {}

  /** @param more - lines of its configuration, such as `server_round_robin = 1` */
  static async start(server: PostgresServer, mode: PoolMode, ...more: string[]): Promise<PgBouncer> {
    const [folder, port] = [temporaryFolder(), await freePort()];
    const users = join(folder, 'users');
    const configuration = join(folder, 'pgbouncer.ini');
    writeFileSync(users, '"postgres" ""\n');
    writeFileSync(
      configuration,
      [
        '[databases]',
        `* = host=127.0.0.1 port=${String(server.port)}`,
        '[pgbouncer]',
        `listen_addr = 127.0.0.1\nlisten_port = ${String(port)}\nunix_socket_dir =`,
        `auth_type = trust\nauth_file = ${users}`,
        `pool_mode = ${mode}`,
        ...more,
        '',
      ].join('\n'),
    );
    for (const path of [folder, users, configuration]) chownSync(path, ...ownerOfServers());
    const child = spawnAsPostgres('pgbouncer', [configuration], folder);
    const bouncer = new PgBouncer(port, child);
    atEnd(() => bouncer.stop());
    await untilAnswers('PgBouncer', child, bouncer.url('postgres'));
    return bouncer;
  }

  /** Of a database of the server behind it. */
  url(database: string): string {
    return `postgres://postgres@127.0.0.1:${String(this.port)}/${database}`;
  }

  /** Asks beside what is tested. */
  query(database: string, text: string): Promise<Record<string, unknown>[]> {
    return queryOnce(this.url(database), text);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'close');
  }
}
