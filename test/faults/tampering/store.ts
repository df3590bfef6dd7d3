import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { PostgresServer } from '../../support/postgres.js';
import type { Form } from '../fault.js';

/** The database of one copy: what somebody can do who writes it. */
export interface StoreAccess {
  settings: Readonly<Record<string, string>>;
  run(statement: string): Promise<Record<string, unknown>[]>;
  end(): Promise<void>;
}

/** Where the state of the original is, and copies of it. */
export class TamperedStore {
  private copies = 0;

  private constructor(
    private readonly server: PostgresServer | undefined,
    private readonly url: string,
  ) {}

  static async make(on: Form): Promise<TamperedStore> {
    if (on === 'embedded') return new TamperedStore(undefined, '');
    const server = await PostgresServer.start();
    return new TamperedStore(server, await server.newDatabase());
  }

  settings(dataDir: string, url = this.url): Record<string, string> {
    if (this.server === undefined) return {};
    return {
      HEARTHKEY_DATABASE_URL: url,
      HEARTHKEY_PEPPER_FILE: join(dataDir, 'pepper'),
      HEARTHKEY_LEASE: '1s',
    };
  }

  async copy(dataDir: string): Promise<StoreAccess> {
    const { server } = this;
    if (server === undefined) return embedded(join(dataDir, 'hearthkey.db'));
    const original = new URL(this.url).pathname.slice(1);
    const name = `copy_${String(++this.copies)}`;
    await server.query('postgres', `create database ${name} template ${original}`);
    const url = this.url.replace(original, name);
    return {
      settings: this.settings(dataDir, url),
      run: (statement) => server.query(name, statement),
      end: async () => {
        await server.query('postgres', `drop database ${name} with (force)`);
      },
    };
  }

  async end(): Promise<void> {
    await this.server?.stop('SIGQUIT');
  }
}

function embedded(file: string): StoreAccess {
  return {
    settings: {},
    run(statement) {
      const database = new DatabaseSync(file, { timeout: 2000 });
      try {
        return Promise.resolve(database.prepare(statement).all() as Record<string, unknown>[]);
      } finally {
        database.close();
      }
    },
    end: () => Promise.resolve(),
  };
}
