import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { CONFIG } from '../config/config.module.js';
import { Changes } from './changes.js';
import { openDatabase, type Database } from './database.js';

export const DATABASE = Symbol('Database');

@Global()
@Module({
  providers: [
    {
      provide: DATABASE,
      inject: [CONFIG],
      useFactory: (config: Config) =>
        openDatabase(config.databaseServer ?? join(config.dataDir, 'hearthkey.db')),
    },
    { provide: Changes, inject: [DATABASE], useFactory: (db: Database) => new Changes(db) },
  ],
  exports: [DATABASE, Changes],
})
export class StorageModule {}
