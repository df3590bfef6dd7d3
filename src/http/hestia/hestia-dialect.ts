import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AddressRange } from '../../network/address-range.js';
import type { ClientAddress } from '../../network/client-address.js';
import type { AddressGate } from '../../authorization/address-gate.js';
import type { Logger } from '../../config/logger.js';
import { AppError, type DenyReason } from '../../errors.js';
import { freeBytes, type BodyBudget } from '../body/body-budget.js';
import { guessWording, type Wording } from './code-only.js';
import { clientOf, registerDialect } from '../dialect-scope.js';
import { receivedPart } from '../early-answer.js';
import { answerBusy, answerNotARequest, answerUnreadable, type HestiaAnswer } from './hestia-answer.js';
import { readCredentials } from './hestia-credentials.js';
import { readHestiaFields, type HestiaFields } from './hestia-fields.js';
import type { HestiaRequests } from './hestia-requests.js';
import { endsWithConnection, resetWhereBroken, sendParts, wholeList } from '../list-answer.js';
import { routes } from '../routes.js';
import { rateHeaders } from '../rate-headers.js';
import { BodyRefusal } from '../body/read-body.js';
import { logAnswered, logsRequests, peerOf, requestIdOf } from '../request-log.js';
import { answerShortRequests } from './short-requests.js';

const { paths, bodyLimitBytes } = routes.hestia;

export interface HestiaDialectParts {
  requests: HestiaRequests;
  addressGate: AddressGate;
  trustedProxies: readonly AddressRange[];
  bodyBudget: BodyBudget;
  hasFastPath: boolean;
  onError: (error: unknown, requestId: string) => void;
}

/** The same with slashes too many, as web servers read it, and as some clients put it together. */
const pathWithSlashes = /^\/+api(?:\/+(?:index\.php)?)?(?=\?|$)/;

/** The path under which this dialect is found; any other stays as it is. */
export function routeHestia(url: string): string {
  return url.replace(pathWithSlashes, '/api/');
}

/** `POST /api/` and `/api/index.php`: the API that clients of a Hestia server know. */
export class HestiaDialect {
  private isStopping = false;

  constructor(private readonly parts: HestiaDialectParts) {}

  register(server: FastifyInstance, logger: Logger): void {
    const { bodyBudget: budget, hasFastPath, onError } = this.parts;
    const bodyRules = { limit: bodyLimitBytes, budget };
    registerDialect<HestiaAnswer>(server, {
      paths,
      bodyRules,
      answerHead: async ({ raw }) => this.answerHead(raw),
      answer: ({ raw }, body) => this.handle(raw, body),
      answerRefusedBody: ({ raw }, refusal) => this.answerRefusedBody(raw, refusal),
      answerBroken: ({ raw }) => answerBroken(raw),
      send,
      onError,
    });
    answerShortRequests<HestiaAnswer>(server, {
      paths: new Set(paths),
      hasFastPath,
      ...(logsRequests(logger) && {
        onAnswered: (request, status, ms) =>
          logAnswered(logger, {
            ...{ requestId: requestIdOf(request), method: 'POST', route: paths[1], status, ms },
            peer: peerOf(request.socket),
          }),
      }),
      bodyRules,
      answerStopping: (request) => (this.isStopping ? answerStopping(request) : undefined),
      answerHead: (request) => this.answerHead(request),
      answer: (request, body) =>
        body instanceof BodyRefusal ? this.answerRefusedBody(request, body) : this.handle(request, body),
      answerBroken: (request, error) => {
        onError(error, requestIdOf(request));
        return answerBroken(request);
      },
      render: (answer) => ({ ...answer, headers: headersOf(answer) }),
    });
  }

  /** What comes from now on is answered with 503. */
  stop(): void {
    this.isStopping = true;
  }

  /** Without a promise where the body has to be read, as for each request that is let in. */
  private answerHead(request: IncomingMessage): Promise<HestiaAnswer | undefined> | undefined {
    if (request.method !== 'POST') return this.refuseUnread(request, 405, 'request_malformed');
    const client = this.clientOf(request);
    const refusal = this.parts.addressGate.refusalOf({ client, canBeLegacy: true });
    if (refusal === undefined) return this.answerLength(request);
    if (typeof refusal === 'string') return this.refuseAddress(request, client, refusal);
    return refusal.then((reason) =>
      reason === undefined ? this.answerLength(request) : this.refuseAddress(request, client, reason),
    );
  }

  private answerLength(request: IncomingMessage): Promise<HestiaAnswer> | undefined {
    const isTooLong = Number(request.headers['content-length']) > bodyLimitBytes;
    return isTooLong ? this.refuseUnread(request, 413, 'request_too_large') : undefined;
  }

  private async refuseUnread(request: IncomingMessage, status: 405 | 413, reason: DenyReason) {
    const { bytes, isWhole } = await receivedPart(request);
    return this.refuse(request, status, reason, guessWording(request.url, bytes, isWhole));
  }

  /** From an address that nobody is let in from. A short request that has come whole is told what is wrong, as ever. */
  private async refuseAddress(request: IncomingMessage, client: ClientAddress, reason: DenyReason) {
    const { bytes, isWhole } = await receivedPart(request);
    if (isWhole && bytes.length <= freeBytes) return this.handle(request, bytes);
    return this.parts.requests.refuse(client, reason, guessWording(request.url, bytes, isWhole));
  }

  private answerRefusedBody(request: IncomingMessage, refusal: BodyRefusal): Promise<HestiaAnswer> {
    const wording = guessWording(request.url, refusal.received, false);
    return this.refuse(request, refusal.status, refusal.reason, wording);
  }

  /** Names nobody, or is not read at all: it is recorded, and answered whether or not that could be done. */
  private async refuse(
    request: IncomingMessage,
    status: 405 | 413 | 422 | 503,
    reason: DenyReason,
    wording: Wording,
  ): Promise<HestiaAnswer> {
    await this.parts.requests.refuse(this.clientOf(request), reason, wording);
    if (status === 405) return answerNotARequest(wording);
    return status === 503 ? answerBusy(busyText, wording) : answerUnreadable(status, wording);
  }

  private async handle(request: IncomingMessage, body: Buffer): Promise<HestiaAnswer> {
    let fields: HestiaFields | undefined;
    try {
      fields = await readHestiaFields(request.headers['content-type'], body);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return this.refuse(request, 422, 'request_malformed', guessWording(request.url, body, true));
    }
    const credentials = fields && readCredentials(fields);
    if (fields === undefined || credentials === undefined)
      return this.refuse(request, 405, 'request_malformed', guessWording(request.url, body, true));
    const { requests, onError } = this.parts;
    const client = this.clientOf(request);
    const answer =
      credentials.kind === 'access_key'
        ? await requests.runWithAccessKey(fields, credentials, client)
        : await requests.runWithLegacyCredential(fields, credentials, client);
    const { parts, ...head } = answer;
    if (parts === undefined) return answer;
    if (endsWithConnection(request)) return { ...head, body: await wholeList(parts) };
    const onBroken = (error: unknown): void => onError(error, requestIdOf(request));
    return { ...head, parts: resetWhereBroken(parts, request.socket, onBroken) };
  }

  private clientOf(request: IncomingMessage): ClientAddress {
    return clientOf(request, this.parts.trustedProxies);
  }
}

const busyText = 'The server is too busy, try again';
const nothing = Buffer.alloc(0);

function answerBroken({ url }: IncomingMessage): HestiaAnswer {
  return answerUnreadable(500, guessWording(url, nothing, false));
}

async function answerStopping(request: IncomingMessage): Promise<HestiaAnswer> {
  const { bytes, isWhole } = await receivedPart(request);
  return answerBusy('The server is stopping', guessWording(request.url, bytes, isWhole));
}

function send(reply: FastifyReply, answer: HestiaAnswer): void {
  const { status, parts, body } = answer;
  if (parts === undefined) {
    void reply.code(status).headers(headersOf(answer)).send(body);
    return;
  }
  // To the framework a request isn't answered until its answer ends: it would read a body that has been read.
  reply.hijack();
  sendParts(reply.raw, status, headersOf(answer), parts);
}

function headersOf({ exitCode, rate, contentType }: HestiaAnswer): Record<string, string> {
  const headers: Record<string, string> = {};
  if (exitCode !== undefined) headers['hestia-exit-code'] = String(exitCode);
  for (const [name, value] of Object.entries(rateHeaders(rate))) headers[name.toLowerCase()] = value;
  headers['content-type'] = contentType;
  headers['x-content-type-options'] = 'nosniff';
  headers['cache-control'] = 'no-store';
  return headers;
}
