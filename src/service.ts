import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { UntrustedProxies } from './network/untrusted-proxies.js';
import { AdminSocket } from './cli/admin-socket.js';
import { RoleDirectory } from './apis/role-directory.js';
import { AppModule } from './app.module.js';
import { AuditLog } from './audit/audit-log.js';
import { Checkpoints } from './audit/record/checkpoints.js';
import { OutboxRelay } from './audit/outbox/outbox-relay.js';
import { RecordIndex } from './audit/record/record-index.js';
import { Dispatcher } from './commands/dispatch.js';
import { UpstreamUsers } from './commands/upstream-users.js';
import type { Config } from './config/config.js';
import type { Logger } from './config/logger.js';
import { routeForwardAuth } from './http/decisions/forward-auth-adapter.js';
import { DecisionAdapters, serverOptions } from './http/decisions/decision-adapters.js';
import { GateSocket } from './http/decisions/gate-socket.js';
import { WatchedGateRoutes } from './http/decisions/watched-gate-routes.js';
import { ConnectionCap, possibleConnections, readDescriptorLimit } from './network/connection-cap.js';
import { nodeTimeouts } from './config/http-limits.js';
import { Listeners } from './network/listeners.js';
import { readAllFields } from './network/client-address.js';
import { HestiaDialect, routeHestia } from './http/hestia/hestia-dialect.js';
import { registerRequestLog } from './http/request-log.js';
import { answerBadUrl, RestDialect } from './http/rest/rest-dialect.js';
import { ALPNProtocols, readTls } from './network/tls.js';
import { KeyUses } from './keys/usage/key-uses.js';
import { KeyExpirySweeper } from './keys/sweeps/key-expiry-sweeper.js';
import { OrphanedKeySweeper } from './keys/sweeps/orphaned-key-sweeper.js';
import { RemovedKeySweeper } from './keys/tree/removed-key-sweeper.js';
import { lockDataDir, prepareDataDir } from './storage/sqlite/data-dir.js';
import type { Database } from './storage/database.js';
import { RedisConnection } from './storage/redis/redis-connection.js';
import type { Settling } from './storage/cluster/settling.js';
import { DATABASE, SETTLING } from './storage/storage.module.js';

/** Where a route doesn't say otherwise: none of them takes a body. */
const bodyLimitBytes = 16_384;
/** How long a stopping service waits for requests that have not come whole; for commands that run it waits on. */
const stopGraceMs = 5_000;
const answerGraceMs = 500;

export interface Service {
  /** Where it listens: `http://…`, or `unix:PATH`; the first of `urls`. */
  url: string;
  urls: readonly string[];
  app: NestFastifyApplication;
  /** Reads certificate and key anew, for connections from now on; throws, and keeps the old, if they are no good. */
  reloadTls(): void;
  close(): Promise<void>;
}

/** Starts the whole service, or throws an error whose message says in one line what is in the way. */
export async function startService(config: Config, logger: Logger): Promise<Service> {
  prepareDataDir(config.dataDir);
  const lock = lockDataDir(config.dataDir);
  let app: NestFastifyApplication | undefined;
  let listeners: Listeners | undefined;
  try {
    app = await createApp(config, logger);
    await app.get(AdminSocket).listen();
    await app.get<GateSocket | undefined>(GateSocket, { strict: false })?.listen();
    const started = app;
    const server = started.getHttpServer();
    listeners = new Listeners(server, config.listen, config.listenGroup);
    await started.init();
    await started.getHttpAdapter().getInstance().ready();
    const urls = await listeners.listen();
    return {
      url: urls[0] ?? '',
      urls,
      app,
      reloadTls: () => {
        const tls = tlsOf(config);
        if (tls !== undefined) (server as unknown as TlsServer).setSecureContext(readTls(tls));
      },
      close: async () => {
        await closeApp(started, listeners);
        lock.release();
      },
    };
  } catch (error) {
    if (app !== undefined) await closeApp(app, listeners);
    lock.release();
    throw error;
  }
}

/** Unix sockets have none. */
function tlsOf({ tls, listen }: Config): Config['tls'] {
  return listen.some((place) => 'port' in place) ? tls : undefined;
}

async function createApp(config: Config, logger: Logger): Promise<NestFastifyApplication> {
  const options = {
    bodyLimit: bodyLimitBytes,
    requestTimeout: config.httpTimeouts.requestMs,
    forceCloseConnections: 'idle' as const,
    http: nodeTimeouts(config.httpTimeouts),
    frameworkErrors: answerBadUrl,
    // Middleware in the manner of Express: there is none, and looking for it costs each request.
    skipMiddie: true,
    ...serverOptions,
    rewriteUrl: (request: { url?: string | undefined }) => routeHestia(routeForwardAuth(request)),
  };
  const tls = tlsOf(config);
  const { handshakeMs: handshakeTimeout } = config.httpTimeouts;
  const https = tls && { ...readTls(tls), ALPNProtocols, ...options.http, handshakeTimeout };
  const adapter = new FastifyAdapter(https === undefined ? options : { ...options, https });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config, logger), adapter, {
    logger: false,
    abortOnError: false,
  });
  readAllFields(adapter.getInstance().server);
  app.get(UntrustedProxies, { strict: false }).watch(adapter.getInstance().server);
  registerRequestLog(adapter.getInstance(), logger);
  app.get(HestiaDialect).register(adapter.getInstance(), logger);
  app.get(RestDialect).register(adapter.getInstance());
  app.get(DecisionAdapters).register(adapter.getInstance(), false);
  // The last of all: it stands before what the others put before the server.
  adapter.getInstance().addHook('onReady', (done) => {
    capConnections(app, config, logger);
    done();
  });
  return app;
}

function capConnections(app: NestFastifyApplication, config: Config, logger: Logger): void {
  const descriptorLimit = readDescriptorLimit();
  const total = possibleConnections(config.connections, descriptorLimit);
  if (total < config.connections)
    logger.warn(
      `the system lets this process have ${String(descriptorLimit)} files open: at most ${String(total)} connections ` +
        `at a time (HEARTHKEY_CONNECTIONS is ${String(config.connections)})`,
    );
  app.get(ConnectionCap, { strict: false }).guard(app.getHttpServer(), total);
}

/** In the order in which things depend on each other: first nobody comes in, then what they left is kept. */
async function closeApp(app: NestFastifyApplication, listeners: Listeners | undefined): Promise<void> {
  app.get(HestiaDialect).stop();
  await app.get(AdminSocket).close();
  app.get(DecisionAdapters).endFastPaths();
  const gateHasClosed = app.get<GateSocket | undefined>(GateSocket, { strict: false })?.close();
  const server: Server = app.getHttpServer();
  const othersHaveClosed = listeners?.close();
  const hasClosed = app.close();
  const dispatcher = app.get(Dispatcher, { strict: false });
  // Connections whose commands run stay open until these have ended (each has its own time limit), and the answers go out.
  const hasEnded = sleep(stopGraceMs, undefined, { ref: false }).then(() => dispatcher.idle());
  void hasEnded.then(() => setTimeout(() => server.closeAllConnections(), answerGraceMs).unref());
  await hasClosed;
  await othersHaveClosed;
  await gateHasClosed;
  // Commands whose caller has hung up have no connection left; what they do and how they end needs all that comes next.
  await dispatcher.idle();
  app.get(RoleDirectory, { strict: false }).stop();
  app.get<WatchedGateRoutes | undefined>(WatchedGateRoutes, { strict: false })?.stop();
  await app.get(KeyExpirySweeper, { strict: false }).stop();
  app.get<OrphanedKeySweeper | undefined>(OrphanedKeySweeper, { strict: false })?.stop();
  app.get<RemovedKeySweeper | undefined>(RemovedKeySweeper, { strict: false })?.stop();
  app.get<UpstreamUsers | undefined>(UpstreamUsers, { strict: false })?.stop();
  await app.get(KeyUses, { strict: false }).flush();
  await app.get(OutboxRelay, { strict: false }).idle();
  await app.get<Settling>(SETTLING, { strict: false }).stop();
  app.get<RedisConnection | undefined>(RedisConnection, { strict: false })?.close();
  app.get(RecordIndex, { strict: false }).stop();
  app.get(AuditLog, { strict: false }).close();
  await app.get(Checkpoints, { strict: false }).close();
  await app.get<Database>(DATABASE, { strict: false }).destroy();
}
