import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema.js';

/** What a server is set to that can cost changes although they were acknowledged. */
export interface DurabilityProblem {
  setting: 'fsync' | 'full_page_writes' | 'synchronous_commit';
  problem: string;
}

const problems: Readonly<Record<DurabilityProblem['setting'], string>> = {
  fsync: 'is off: a power loss can lose changes that were acknowledged, and spoil the database',
  full_page_writes: 'is off: a power loss can spoil the database',
  synchronous_commit:
    'is off: the service sets it to on for itself; what other programs change can be lost by a crash',
};

/** The defaults of server, database and user: what the service sets in its own sessions is left aside. */
export async function durabilityProblems(db: Kysely<Schema>): Promise<DurabilityProblem[]> {
  const names = Object.keys(problems) as DurabilityProblem['setting'][];
  const { rows } = await sql<{ name: DurabilityProblem['setting'] }>`
    select name from pg_settings
    where name in (${sql.join(names)}) and reset_val = 'off'
    order by name`.execute(db);
  return rows.map(({ name }) => ({ setting: name, problem: problems[name] }));
}
