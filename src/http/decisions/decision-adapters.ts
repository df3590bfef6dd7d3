import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { AddressRange } from '../../network/address-range.js';
import type { Authorizer } from '../../authorization/authorize.js';
import { registerAuthorize } from './authorize-adapter.js';
import { registerAuthzen } from './authzen-adapter.js';
import { registerForwardAuth, routeForwardAuth } from './forward-auth-adapter.js';
import type { Logger } from '../../config/logger.js';
import { endConnection } from '../early-answer.js';
import { logAnswered, logsRequests, registerRequestLog, requestIdOf } from '../request-log.js';
import { routes } from '../routes.js';
import { atTheGateSocket, GateCallers, type GateCaller } from './gate-callers.js';
import { parseBoundedJson } from './bounded-json.js';
import { FastPath } from './fast-path/fast-path.js';
import { answerErrors, notForYou, sendProblem } from '../problem.js';
import type { WatchedGateRoutes } from './watched-gate-routes.js';

/** What a server needs that these adapters are added to. */
export const serverOptions = {
  /** Bodies are checked as they are: nothing is converted, dropped or filled in. */
  ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
  rewriteUrl: routeForwardAuth,
  genReqId: requestIdOf,
} as const;

export interface DecisionAdaptersParts {
  authorizer: Authorizer;
  gateRoutes: WatchedGateRoutes | undefined;
  hasFastPath: boolean;
  trustedProxies: readonly AddressRange[];
  onError: (error: unknown, requestId: string) => void;
  logger: Logger;
}

/** The adapters that only decide: `/v1/authorize`, `/v1/forward-auth` and AuthZEN. Nothing is run here. */
export class DecisionAdapters {
  private readonly callers: GateCallers;
  private readonly fastPaths: FastPath[] = [];
  /** For the metrics; of all servers that these adapters were added to. */
  readonly fastPathCounts = { requests: 0, handedOver: 0 };

  constructor(private readonly parts: DecisionAdaptersParts) {
    this.callers = new GateCallers(parts.trustedProxies);
  }

  /**
   * Adds the routes, straight to Fastify: nothing stands between a request and its decision.
   *
   * @param isGateSocket - each client that can open it is a gateway
   */
  register(server: FastifyInstance, isGateSocket: boolean): void {
    const { authorizer, gateRoutes, trustedProxies, onError, logger } = this.parts;
    if (isGateSocket) registerRequestLog(server, logger);
    const callerOf = ({ socket }: { socket: Socket }): GateCaller =>
      isGateSocket ? atTheGateSocket : this.callers.callerOf({ socket });
    void server.register((scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      parseBoundedJson(scope);
      answerErrors(scope, onError);
      if (!isGateSocket) {
        scope.addHook('onRequest', (request, reply, next) => {
          if (this.callers.isGatewaysOwn(request)) next();
          else {
            if (!request.raw.complete) endConnection(request.raw, reply.raw);
            void sendProblem(reply, notForYou);
          }
        });
      }
      registerAuthorize(scope, authorizer, callerOf);
      registerAuthzen(scope, authorizer, callerOf);
      done();
    });
    if (this.parts.hasFastPath) {
      const requestId = (): string => requestIdOf({ headers: {} });
      const fastPath = new FastPath({
        ...{ authorizer, callerOf, counts: this.fastPathCounts },
        onError: (error) => onError(error, requestId()),
        ...(logsRequests(logger) && {
          onAnswered: ({ givenId, peer, ms }) =>
            logAnswered(logger, {
              requestId: requestIdOf({ headers: givenId === undefined ? {} : { 'x-request-id': givenId } }),
              ...{ method: 'POST', route: routes.authorize.paths[0], status: 200, peer, ms },
            }),
        }),
      });
      this.putBefore(server, fastPath);
    }
    registerForwardAuth(server, {
      ...{ authorizer, trustedProxies, onError },
      routes: gateRoutes && (() => gateRoutes.current()),
      callerOf,
    });
  }

  /** Whether a question is being decided that came on this connection by the fast path. */
  isDeciding(socket: Socket): boolean {
    return this.fastPaths.some((fastPath) => fastPath.isDeciding(socket));
  }

  /** Whether such a question was answered there. */
  hasDecided(socket: Socket): boolean {
    return this.fastPaths.some((fastPath) => fastPath.hasDecided(socket));
  }

  /** Lets the connections of gateways end that wait for nothing. */
  endFastPaths(): void {
    for (const fastPath of this.fastPaths) fastPath.close();
  }

  private putBefore(server: FastifyInstance, fastPath: FastPath): void {
    this.fastPaths.push(fastPath);
    server.addHook('onReady', (done) => {
      fastPath.putBefore(server.server);
      done();
    });
  }
}
