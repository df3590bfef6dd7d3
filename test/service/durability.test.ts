/** A database server that is set to be quick rather than safe. */
import { expect, it } from '@jest/globals';
import { PostgresServer } from '../support/postgres.js';
import { describeWith } from '../support/programs.js';
import { TestService } from '../support/test-service.js';
import type { Database } from '../../src/storage/database.js';
import { DATABASE } from '../../src/storage/storage.module.js';
import { sql } from 'kysely';

const findingsOf = async (service: TestService): Promise<string[]> => {
  const { stdout } = await service.run('v-list-findings', 'json');
  const found = JSON.parse(stdout) as { CHECK: string; SUBJECT: string }[];
  return found.filter(({ CHECK }) => CHECK === 'database').map(({ SUBJECT }) => SUBJECT);
};

describeWith('initdb', 'postgres')('a service on PostgreSQL', () => {
  it('says what its server may lose, in the log and as findings, and keeps its own changes', async () => {
    const server = await PostgresServer.start('synchronous_commit=off');
    const service = await TestService.start({ DATABASE_URL: await server.newDatabase() });
    const settings = ['fsync', 'full_page_writes', 'synchronous_commit'];
    for (const setting of settings)
      expect(service.log).toContain(`the setting ${setting} of the database server is off`);
    expect(await findingsOf(service)).toEqual(settings.map((setting) => `PostgreSQL setting ${setting}`));
    const db = service.part<Database>(DATABASE);
    const { rows } = await sql`select current_setting('synchronous_commit') as level`.execute(db);
    expect(rows).toEqual([{ level: 'on' }]);
    await service.close();
  });

  it('says nothing of one that keeps what it acknowledged, and leaves a level of its own choice', async () => {
    const server = await PostgresServer.start(
      'fsync=on',
      'full_page_writes=on',
      'synchronous_commit=remote_apply',
    );
    const service = await TestService.start({ DATABASE_URL: await server.newDatabase() });
    expect(service.log).not.toContain('of the database server');
    expect(await findingsOf(service)).toEqual([]);
    const db = service.part<Database>(DATABASE);
    const { rows } = await sql`select current_setting('synchronous_commit') as level`.execute(db);
    expect(rows).toEqual([{ level: 'remote_apply' }]);
    await service.close();
  });
});
