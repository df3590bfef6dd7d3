import { availableParallelism } from 'node:os';
import { Global, Module } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { CONFIG } from '../config/config.module.js';
import type { Database } from '../storage/database.js';
import { DATABASE } from '../storage/storage.module.js';
import { installedPepper } from './pepper-store.js';
import { Pepper } from './pepper.js';
import { SlowHash } from './slow-hash.js';

/** argon2 has at most this many callers waiting: some seconds' worth. */
const queueLength = 256;

@Global()
@Module({
  providers: [
    {
      provide: Pepper,
      inject: [CONFIG, DATABASE],
      useFactory: (config: Config, db: Database) =>
        installedPepper(db, { file: config.pepperFile, acceptNew: config.acceptNewPepper }),
    },
    {
      provide: SlowHash,
      useFactory: () => new SlowHash({ concurrency: availableParallelism(), queueLength }),
    },
  ],
  exports: [Pepper, SlowHash],
})
export class SecretsModule {}
