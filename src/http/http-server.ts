import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Dispatcher } from '../commands/dispatch.js';
import type { Config } from '../config/config.js';
import { nodeTimeouts } from '../config/http-limits.js';
import type { Logger } from '../config/logger.js';
import { readAllFields } from '../network/client-address.js';
import { possibleConnections, readDescriptorLimit, type ConnectionCap } from '../network/connection-cap.js';
import { Listeners } from '../network/listeners.js';
import { PipelinedRequests } from '../network/pipelined-requests.js';
import { ALPNProtocols, readTls } from '../network/tls.js';
import type { UntrustedProxies } from '../network/untrusted-proxies.js';
import { serverOptions, type DecisionAdapters } from './decisions/decision-adapters.js';
import type { ConsoleApi } from './console/api/console-api.js';
import { answerUnreadablePath, prepareAdministration } from './administration/prepare-administration.js';
import { routeForwardAuth } from './decisions/forward-auth-adapter.js';
import type { GateSocket } from './decisions/gate-socket.js';
import { routeHestia, type HestiaDialect } from './hestia/hestia-dialect.js';
import type { OpenApi } from './openapi/openapi.js';
import { registerRequestLog } from './request-log.js';
import { answerBadUrl, type RestDialect } from './rest/rest-dialect.js';

/** Where a route doesn't say otherwise (routes.ts): none of those takes a body. */
const bodyLimitBytes = 16_384;
/** How long a stopping service waits for requests that have not come whole; for commands that run it waits on. */
const stopGraceMs = 5_000;
const answerGraceMs = 500;

/** What Nest runs on: Fastify, with the limits and the TLS of the configuration. */
export function fastifyAdapter(config: Config): FastifyAdapter {
  const options = {
    bodyLimit: bodyLimitBytes,
    requestTimeout: config.httpTimeouts.requestMs,
    forceCloseConnections: 'idle' as const,
    http: nodeTimeouts(config.httpTimeouts),
    frameworkErrors: answerUnreadableUrl,
    // Middleware in the manner of Express: there is none, and looking for it costs each request.
    skipMiddie: true,
    ...serverOptions,
    rewriteUrl: (request: { url?: string | undefined }) => routeHestia(routeForwardAuth(request)),
  };
  const tls = tlsOf(config);
  const { handshakeMs: handshakeTimeout } = config.httpTimeouts;
  const https = tls && { ...readTls(tls), ALPNProtocols, ...options.http, handshakeTimeout };
  return new FastifyAdapter(https === undefined ? options : { ...options, https });
}

/** Fastify refuses it before it knows whose it is. */
function answerUnreadableUrl(...[error, request, reply]: Parameters<typeof answerBadUrl>): void {
  if (request.url.startsWith('/v1/')) answerUnreadablePath(reply);
  else answerBadUrl(error, request, reply);
}

/** Unix sockets have none. */
function tlsOf({ tls, listen }: Config): Config['tls'] {
  return listen.some((place) => 'port' in place) ? tls : undefined;
}

export interface HttpServerParts {
  config: Config;
  logger: Logger;
  hestia: HestiaDialect;
  rest: RestDialect;
  decisions: DecisionAdapters;
  gateSocket: GateSocket | undefined;
  connectionCap: ConnectionCap;
  untrustedProxies: UntrustedProxies;
  dispatcher: Dispatcher;
  openApi: OpenApi;
  consoleApi: ConsoleApi;
}

/** All that is served over HTTP: the paths of routes.ts, and the gate socket. */
export class HttpServer {
  private app: NestFastifyApplication | undefined;
  private listeners: Listeners | undefined;

  constructor(private readonly parts: HttpServerParts) {}

  /** Adds the adapters to Nest's server; before the application is initialized. */
  register(app: NestFastifyApplication): void {
    const { config, logger, hestia, rest, decisions, untrustedProxies } = this.parts;
    this.app = app;
    const fastify = app.getHttpAdapter().getInstance();
    readAllFields(fastify.server);
    untrustedProxies.watch(fastify.server);
    registerRequestLog(fastify, logger);
    prepareAdministration(fastify);
    hestia.register(fastify, logger);
    rest.register(fastify);
    decisions.register(fastify, false);
    this.parts.openApi.describe(app);
    this.parts.consoleApi.attach(fastify);
    // The last of all: it stands before what the others put before the server.
    fastify.addHook('onReady', (done) => {
      new PipelinedRequests().spread(fastify.server);
      this.capConnections(fastify.server);
      done();
    });
    this.listeners = new Listeners(fastify.server, config.listen, config.listenGroup);
  }

  /** @returns where it listens: `http://…`, or `unix:PATH`; the first address first */
  async listen(): Promise<string[]> {
    if (this.app === undefined || this.listeners === undefined) throw new Error('nothing was registered');
    await this.parts.gateSocket?.listen();
    await this.app.init();
    await this.app.getHttpAdapter().getInstance().ready();
    return this.listeners.listen();
  }

  /** Reads certificate and key anew, for connections from now on; throws, and keeps the old, if they are no good. */
  reloadTls(): void {
    const tls = tlsOf(this.parts.config);
    if (tls === undefined || this.app === undefined) return;
    (this.app.getHttpServer() as unknown as TlsServer).setSecureContext(readTls(tls));
  }

  /** From now on requests of Hestia's dialect are answered with 503. */
  refuseNew(): void {
    this.parts.hestia.stop();
  }

  /** Accepts nothing any more; resolves when what runs has ended and its answers have gone out. */
  async close(): Promise<void> {
    const { decisions, gateSocket, dispatcher } = this.parts;
    decisions.endFastPaths();
    const gateHasClosed = gateSocket?.close();
    const server: Server | undefined = this.app?.getHttpServer();
    const othersHaveClosed = this.listeners?.close();
    const hasClosed = this.app?.close();
    // Connections whose commands run stay open until these have ended (each has its own time limit), and the answers go out.
    const hasEnded = sleep(stopGraceMs, undefined, { ref: false }).then(() => dispatcher.idle());
    void hasEnded.then(() => setTimeout(() => server?.closeAllConnections(), answerGraceMs).unref());
    await hasClosed;
    await othersHaveClosed;
    await gateHasClosed;
  }

  private capConnections(server: Server): void {
    const { config, logger, connectionCap } = this.parts;
    const descriptorLimit = readDescriptorLimit();
    const total = possibleConnections(config.connections, descriptorLimit);
    if (total < config.connections)
      logger.warn(
        `the system lets this process have ${String(descriptorLimit)} files open: at most ${String(total)} connections ` +
          `at a time (HEARTHKEY_CONNECTIONS is ${String(config.connections)})`,
      );
    connectionCap.guard(server, total);
  }
}
