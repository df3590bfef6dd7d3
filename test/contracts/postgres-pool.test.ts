import { expect, it } from '@jest/globals';
import { PostgresPool } from '../../src/storage/postgres/postgres-pool.js';
import { atEnd } from '../support/clean-up.js';
import { describeWith } from '../support/programs.js';
import { postgresServer, serverOf } from '../support/store.js';

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
});
