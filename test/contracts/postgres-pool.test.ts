import { expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectionOptions } from '../../src/storage/postgres/connection-options.js';
import { lookAtHost } from '../../src/storage/postgres/look-at-host.js';
import { PostgresPool } from '../../src/storage/postgres/postgres-pool.js';
import { atEnd } from '../support/clean-up.js';
import { Line } from '../support/line.js';
import type { PostgresServer } from '../support/postgres.js';
import { describeWith } from '../support/programs.js';
import { postgresServer, serverOf } from '../support/store.js';

/** One database by the ways to it. */
const urlBy = (database: string, ...ports: number[]): string => {
  const hosts = ports.map((port) => `127.0.0.1:${String(port)}`).join(',');
  return `postgres://postgres@${hosts}${new URL(database).pathname}`;
};

async function lineTo({ port }: PostgresServer): Promise<Line> {
  const line = await Line.to(port);
  atEnd(() => line.close());
  return line;
}

/** As long as a caller of a busy pool waits for a connection. */
const patienceOfCallersMs = 5000;

describeWith('initdb', 'postgres')('the connections to PostgreSQL', () => {
  it('are all made anew once one of them reaches a server that takes no changes', async () => {
    const server = await postgresServer();
    const pool = new PostgresPool(serverOf(await server.newDatabase()));
    atEnd(() => pool.end());
    const change = async (text: string): Promise<void> => {
      const connection = await pool.connect();
      await connection.query(text, []).finally(() => connection.release());
    };
    await change('create table things (id int)');
    // As connections that lead to a standby by now.
    const connections = await Promise.all([1, 2, 3, 4, 5].map(() => pool.connect()));
    for (const each of connections) await each.query('set default_transaction_read_only = on', []);
    for (const each of connections) each.release();
    await expect(change('insert into things values (1)')).rejects.toMatchObject({ code: '25006' });
    for (let count = 0; count < 5; count++) await change('insert into things values (1)');
  });

  it('are not lost where the session is set up slower than the caller waits for one', async () => {
    const server = await postgresServer();
    const line = await lineTo(server);
    const url = urlBy(await server.newDatabase(), line.port);
    const pool = new PostgresPool(serverOf(url), { timeoutMs: 60_000, connections: 1 });
    atEnd(() => pool.end());
    const only = await pool.connect();
    const waiting = pool.connect();
    const first = waiting.then(
      () => 'a connection',
      () => 'none',
    );
    line.fallSilentAt(/hearthkey\.changes/);
    await expect(only.query('select pg_terminate_backend(pg_backend_pid())', [])).rejects.toThrow();
    only.release();
    // Longer than that: the set-up ends when the caller would have given up.
    await Promise.race([first, sleep(patienceOfCallersMs + 500)]);
    line.mend();
    expect(await first).toBe('a connection');
    (await waiting).release();
    (await pool.connect()).release();
  });

  it('to one of several hosts are left alone as to a standby where its settings say read-only', async () => {
    const server = await postgresServer();
    const url = await server.newDatabase();
    await server.query(
      'postgres',
      `alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = on`,
    );
    const several = new PostgresPool(serverOf(urlBy(url, server.port, server.port)));
    atEnd(() => several.end());
    const refusal = {
      code: '25006',
      message: expect.stringContaining('default_transaction_read_only') as unknown,
    };
    await expect(several.connect()).rejects.toMatchObject(refusal);
    const one = new PostgresPool(serverOf(url));
    atEnd(() => one.end());
    const connection = await one.connect();
    await connection.query('create table things (id int)', []).finally(() => connection.release());
  });

  it('to a host that fell silent cost one statement, not one for each of them', async () => {
    const server = await postgresServer();
    const [line, other] = [await lineTo(server), await lineTo(server)];
    // However slow the machine is, all connections are to the first host.
    other.cut();
    const url = urlBy(await server.newDatabase(), line.port, other.port);
    const pool = new PostgresPool(serverOf(url), { timeoutMs: 5000 });
    atEnd(() => pool.end());
    const connections = await Promise.all([1, 2, 3].map(() => pool.connect()));
    for (const each of connections) each.release();
    const ask = async (): Promise<unknown> => {
      const connection = await pool.connect();
      return connection.query('select 1', []).finally(() => connection.release());
    };
    other.mend();
    line.fallSilentAt(/select 1/);
    await expect(ask()).rejects.toThrow('timeout');
    await expect(ask()).resolves.toMatchObject({ rowCount: 1 });
  });

  it('that look at a host end also where it stands still', async () => {
    const server = await postgresServer();
    const line = await lineTo(server);
    const found = serverOf(urlBy(await server.newDatabase(), line.port));
    const [host] = found.hosts;
    line.fallSilentAt(/commit/);
    await expect(lookAtHost(connectionOptions(found, host as (typeof found.hosts)[0]))).rejects.toThrow(
      'timeout',
    );
  });
});
