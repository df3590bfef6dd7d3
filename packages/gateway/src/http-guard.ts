import type { IncomingHttpHeaders } from 'node:http';
import { readBearer, type Credentials } from './bearer.js';
import { denialAnswer, malformedAnswer, type DenialAnswer } from './denial-answer.js';
import type { AllowedDecision } from './decision.js';
import type { Gate } from './gate.js';
import { isTexts } from './question.js';

/** What the guards need of a request of any framework. */
export interface GuardedRequest {
  headers: IncomingHttpHeaders;
  /** Node.js' own request, where the framework wraps it. */
  raw?: { headersDistinct?: NodeJS.Dict<string[]> };
  headersDistinct?: NodeJS.Dict<string[]>;
  socket?: { remoteAddress?: string | undefined } | undefined;
}

export interface GuardOptions<Request> {
  /** Where the credentials are; undefined: there are none. Default: `Authorization: Bearer ID:SECRET`. */
  credentials?:
    ((request: Request) => Credentials | undefined | Promise<Credentials | undefined>) | undefined;
  /**
   * The client's address. Default: the other end of the connection. Behind a proxy that is the proxy: then take the
   * address that the framework finds with the proxies that you trust, never a header as it is.
   */
  clientIp?: ((request: Request) => string | undefined) | undefined;
}

/** The arguments of the command, in their order, from the request. What is no text there is answered with 400. */
export type ArgsOf<Request> = (request: Request) => readonly unknown[];

const allowedRequests = new WeakMap<object, AllowedDecision>();

/** The decision that let this request in; undefined: none was asked for. */
export function accessOf(request: object): AllowedDecision | undefined {
  return allowedRequests.get(request);
}

/**
 * Asks whether the request may run the command.
 *
 * @returns undefined: it may; else what to answer
 * @throws what the functions of the options throw. A guard that throws lets nobody in.
 */
export async function refusalOf<Request extends GuardedRequest>(
  gate: Gate,
  request: Request,
  command: string,
  argsOf: ArgsOf<Request> | undefined,
  options: GuardOptions<Request>,
): Promise<DenialAnswer | undefined> {
  // Never left out: without arguments the decision would hold for any.
  const args = argsOf === undefined ? [] : argsOf(request);
  // A client can make a list or nothing of a parameter that was meant to be a text.
  if (!isTexts(args)) return malformedAnswer;
  const credentials =
    options.credentials === undefined ? bearerOf(request) : await options.credentials(request);
  const decision = await gate.authorize({
    ...{ accessKeyId: '', secretAccessKey: '', ...credentials, command, args },
    clientIp: clientOf(request, options),
  });
  if (!decision.allowed) return denialAnswer(decision);
  allowedRequests.set(request, decision);
  return undefined;
}

/** An address that isn't known is denied by the service. Left out, the gateway's own would count. */
function clientOf<Request extends GuardedRequest>(
  request: Request,
  { clientIp = socketAddress }: GuardOptions<Request>,
): string {
  return clientIp(request) ?? 'unknown';
}

function socketAddress({ socket }: GuardedRequest): string | undefined {
  return socket?.remoteAddress;
}

function bearerOf({ headers, raw, headersDistinct = raw?.headersDistinct }: GuardedRequest): Credentials {
  const single = headers.authorization === undefined ? [] : [headers.authorization];
  // The usual headers have only the first of two.
  return readBearer(headersDistinct?.['authorization'] ?? single);
}
