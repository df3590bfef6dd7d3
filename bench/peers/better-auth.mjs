// `verifyApiKey` of Better Auth in this process, on a SQLite file of its own: node better-auth.mjs FILE. Says `ready`, then
// for each line of standard input (seconds) verifies for so long and says how many it did in a second; ends with its input.
import { createInterface } from 'node:readline';
import { apiKey } from '@better-auth/api-key';
import { NodeSqliteDialect } from '@better-auth/kysely-adapter/node-sqlite-dialect';
import { DatabaseSync } from '@photostructure/sqlite';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';

/** As many as the other side has connections. */
const atOnce = 32;
const permissions = { domains: ['list'] };

const database = new DatabaseSync(process.argv[2]);
// Faster than SQLite is without being told so, and less durable: it is not to lose by waiting for the disk.
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
const options = {
  baseURL: 'http://localhost',
  secret: 'only for this bench, and nowhere else',
  telemetry: { enabled: false },
  emailAndPassword: { enabled: true },
  // Its own dialect for node:sqlite, whose interface this driver has on Node.js 20, too.
  database: { dialect: new NodeSqliteDialect({ database }), type: 'sqlite', transaction: true },
  // It counts uses and notes the last one, as it does unless told otherwise; but more than ten a day are let through.
  plugins: [apiKey({ rateLimit: { maxRequests: 1_000_000_000 } })],
};
const migrations = await getMigrations(options);
await migrations.runMigrations();
const auth = betterAuth(options);

const account = { name: 'bench', email: 'bench@example.com', password: 'correct-horse-1' };
const { user } = await auth.api.signUpEmail({ body: account });
const keys = [];
for (let count = 0; count < 10; count++) {
  const { key } = await auth.api.createApiKey({
    body: { userId: user.id, name: `key ${count}`, permissions },
  });
  keys.push(key);
}

async function verifyFor(seconds) {
  const beganMs = performance.now();
  const untilMs = beganMs + seconds * 1000;
  let count = 0;
  const lane = async () => {
    for (; performance.now() < untilMs; count++) {
      const key = keys[Math.floor(Math.random() * keys.length)];
      const { valid, error } = await auth.api.verifyApiKey({ body: { key, permissions } });
      if (!valid) throw new Error(`a key was refused: ${JSON.stringify(error)}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return count / ((performance.now() - beganMs) / 1000);
}

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${await verifyFor(Number(line))}\n`);
}
