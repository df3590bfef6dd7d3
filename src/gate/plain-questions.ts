import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Authorizer } from '../authorization/authorize.js';
import { isForwarded } from '../gateway/client-address.js';
import { authorizePath, readPlainQuestion } from './authorize-face.js';
import { answerDecision, decideFor } from './decision-answer.js';
import type { GateCaller } from './gate-callers.js';

/** Longer ones are no plain questions. */
const bodyLimitBytes = 16_384;
const contentLengthPattern = /^\d{1,5}$/;

/**
 * The short way for what a gateway asks all day: a whole, valid `POST /v1/authorize` that it asks for itself goes from
 * Node.js' server to the decision and back, without the framework's layers. It takes less than they would accept;
 * everything else, and everything that is wrong, takes the usual way and is answered there.
 */
export class PlainQuestions {
  constructor(
    private readonly authorizer: Authorizer,
    private readonly callerOf: (request: IncomingMessage) => GateCaller,
  ) {}

  /** Puts the short way before the usual one. */
  standBefore(usual: FastifyInstance): void {
    const { server } = usual;
    const handlers = server.listeners('request') as ((...args: unknown[]) => void)[];
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      // A server that closes tells its clients so, on the usual way.
      if (server.listening && this.isTaken(request)) this.take(request, response, usual);
      else for (const handle of handlers) handle.call(server, request, response);
    });
  }

  private isTaken(request: IncomingMessage): boolean {
    const { method, url, headers } = request;
    if (url !== authorizePath || method !== 'POST' || headers['content-type'] !== 'application/json')
      return false;
    const length = headers['content-length'];
    if (length === undefined || !contentLengthPattern.test(length) || Number(length) > bodyLimitBytes)
      return false;
    if (isForwarded(headers) || headers['content-encoding'] !== undefined) return false;
    return this.callerOf(request).isGateway;
  }

  private take(request: IncomingMessage, response: ServerResponse, usual: FastifyInstance): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A request that is cut off ends without this, and nobody is there to be answered.
    request.on('end', () => {
      const [only] = chunks;
      const body = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks);
      const question = readPlainQuestion(body);
      if (question === undefined) {
        void takeUsualWay(usual, request, response, body);
        return;
      }
      decideFor(this.authorizer, question, this.callerOf(request))
        .then((decision) => {
          const answer = JSON.stringify(answerDecision(decision));
          response.writeHead(200, {
            'Content-Type': 'application/json; charset=utf-8',
            'Content-Length': Buffer.byteLength(answer),
          });
          response.end(answer);
        })
        .catch(() => response.destroy()); // no decision fails; should it ever, nobody else is harmed
    });
  }
}

/** What has been read already is asked again, as it came. */
async function takeUsualWay(
  usual: FastifyInstance,
  { headers, socket }: IncomingMessage,
  response: ServerResponse,
  payload: Buffer,
): Promise<void> {
  const { remoteAddress = '127.0.0.1' } = socket;
  const asked = { method: 'POST', url: authorizePath, headers, payload, remoteAddress } as const;
  const answer = await usual.inject(asked).catch(() => undefined);
  if (answer === undefined) response.destroy();
  else {
    // Those of the connection are this one's own.
    const headers = Object.entries(answer.headers).filter(
      ([name]) => name !== 'connection' && name !== 'date',
    );
    response.writeHead(answer.statusCode, Object.fromEntries(headers)).end(answer.rawPayload);
  }
}
