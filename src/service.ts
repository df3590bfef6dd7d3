import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { AdminSocket } from './cli/admin-socket.js';
import { Dispatcher } from './commands/dispatch.js';
import type { Config } from './config/config.js';
import type { Logger } from './config/logger.js';
import { fastifyAdapter, HttpServer } from './http/http-server.js';
import { SERVICE_PARTS, type ServicePart } from './service-parts.js';
import { lockDataDir, prepareDataDir } from './storage/sqlite/data-dir.js';

export interface Service {
  /** Where it listens: `http://…`, or `unix:PATH`; the first of `urls`. */
  url: string;
  urls: readonly string[];
  app: NestFastifyApplication;
  /** Reads certificate and key anew, for connections from now on; throws, and keeps the old, if they are no good. */
  reloadTls(): void;
  /** When the commands that run now began, by `performance.now`. */
  runningSinceMs(): number[];
  close(): Promise<void>;
}

/** Starts the whole service, or throws an error whose message says in one line what is in the way. */
export async function startService(config: Config, logger: Logger): Promise<Service> {
  prepareDataDir(config.dataDir);
  const lock = lockDataDir(config.dataDir);
  let parts: readonly ServicePart[] = [];
  try {
    const app = await NestFactory.create<NestFastifyApplication>(
      AppModule.with(config, logger),
      fastifyAdapter(config),
      { logger: false, abortOnError: false },
    );
    const http = app.get(HttpServer);
    http.register(app);
    parts = app.get<readonly ServicePart[]>(SERVICE_PARTS);
    for (const part of parts) await part.start?.();
    // The last of all: nothing comes in before everything has started.
    const urls = await http.listen();
    return {
      url: urls[0] ?? '',
      urls,
      app,
      reloadTls: () => http.reloadTls(),
      runningSinceMs: () => [
        ...app.get(Dispatcher, { strict: false }).runningSinceMs(),
        ...app.get(AdminSocket, { strict: false }).runningSinceMs(),
      ],
      close: async () => {
        try {
          await stopAll(parts, logger);
        } finally {
          lock.release();
        }
      },
    };
  } catch (error) {
    await stopAll(parts, logger).catch(() => undefined); // it is logged; why the start failed is what counts
    lock.release();
    throw error;
  }
}

/** @throws AggregateError when parts could not be stopped in order; the others were */
async function stopAll(parts: readonly ServicePart[], logger: Logger): Promise<void> {
  const errors: unknown[] = [];
  for (const { name, stop } of [...parts].reverse()) {
    try {
      await stop?.();
    } catch (error) {
      // What is behind it has to be written and closed all the same, the audit record above all.
      logger.error(error, `could not be stopped in order: ${name}`);
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, 'not every part could be stopped in order');
}
