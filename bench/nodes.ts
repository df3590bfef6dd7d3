import { join } from 'node:path';
import { parseDatabaseUrl } from '../src/config/database-url.js';
import type { PostgresServer } from '../test/support/postgres.js';
import { seedStore } from './seed.js';
import { BenchService } from './service.js';
import { user } from './warm-service.js';

export interface BenchNodes {
  nodes: readonly BenchService[];
  /** A key of the user that was laid before they started. */
  accessKeyId: string;
}

/**
 * Starts so many nodes on a database of their own.
 *
 * @param started - each of them is added to it before it starts, so that it is stopped also when a later one fails
 */
export async function startNodes(
  server: PostgresServer,
  count: number,
  started: BenchService[],
  settings: Readonly<Record<string, string>> = {},
): Promise<BenchNodes> {
  const url = await server.newDatabase();
  const parsed = parseDatabaseUrl(url);
  if ('problem' in parsed) throw new Error(parsed.problem);
  const [accessKeyId = ''] = await seedStore(parsed.server, user, 1);
  const nodes: BenchService[] = [];
  while (nodes.length < count) {
    const pepperFile = join((nodes[0] ?? { dataDir: '' }).dataDir, 'pepper');
    const sharing = nodes.length > 0 && { HEARTHKEY_PEPPER_FILE: pepperFile };
    const node = new BenchService({ ...settings, HEARTHKEY_DATABASE_URL: url, ...sharing });
    nodes.push(node);
    started.push(node);
    await node.start();
  }
  return { nodes, accessKeyId };
}
