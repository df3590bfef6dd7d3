import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { freeBytes } from '../body/body-budget.js';
import { endConnection, holdBody, isEnding } from '../early-answer.js';
import { sendParts } from '../list-answer.js';
import { readBody, type BodyRefusal, type BodyRules } from '../body/read-body.js';

const contentLengthPattern = /^\d{1,5}$/;
const noContent = 204;

/** Names of headers are in lower case, as the framework writes them. */
export interface WholeAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** In place of the body. */
  parts?: AsyncGenerator<string, void>;
}

export interface ShortRequests<Answer> {
  paths: ReadonlySet<string>;
  /** HEARTHKEY_FAST_PATH; without it only those are taken that the next one answers. */
  hasFastPath: boolean;
  /** Told of each answer; undefined: requests are not logged. */
  onAnswered?: (request: IncomingMessage, status: number, ms: number) => void;
  /** Of a service that stops: all requests of these paths; undefined: it does not stop. */
  answerStopping: (request: IncomingMessage) => Promise<Answer> | undefined;
  bodyRules: BodyRules;
  /** Decides about the head alone; undefined: the body has to be read. Without a promise where nothing is waited for. */
  answerHead: (request: IncomingMessage) => Promise<Answer | undefined> | undefined;
  answer: (request: IncomingMessage, body: Buffer | BodyRefusal) => Promise<Answer>;
  /** Told what broke. */
  answerBroken: (request: IncomingMessage, error: unknown) => Answer;
  render: (answer: Answer) => WholeAnswer;
}

/**
 * The fast path of a POST with a short body: from Node.js' server to a dialect and back, without the framework's
 * layers. Everything else takes the standard path; the answers are the same. Without it a request takes 17 to 23 % more
 * processor time (`npm run bench -- short-requests`).
 */
export function answerShortRequests<Answer>(server: FastifyInstance, short: ShortRequests<Answer>): void {
  server.addHook('onReady', (done) => {
    const { server: http } = server;
    const standard = http.listeners('request') as ((...args: unknown[]) => void)[];
    http.removeAllListeners('request');
    http.on('request', (request, response) => {
      if (isEnding(request)) return; // sent behind a body that is not read
      if (!short.paths.has(pathOf(request))) {
        for (const handle of standard) handle.call(http, request, response);
        return;
      }
      const stopping = short.answerStopping(request);
      if (stopping !== undefined) answerWith(short, stopping, request, response);
      else if (short.hasFastPath && isShortPost(request)) answerShort(short, request, response);
      else for (const handle of standard) handle.call(http, request, response);
    });
    // Clients that ask first send no body to where it would not be read.
    http.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      if (pathOf(request).startsWith('/api')) holdBody(request);
      else response.writeContinue();
      http.emit('request', request, response);
    });
    done();
  });
}

function pathOf({ url = '' }: IncomingMessage): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

function isShortPost({ method, headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  if (method !== 'POST' || length === undefined || !contentLengthPattern.test(length)) return false;
  return Number(length) <= freeBytes;
}

function answerShort<Answer>(
  short: ShortRequests<Answer>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const goOn = (): void =>
    readBody(request, response, short.bodyRules, (body) =>
      answerWith(short, short.answer(request, body), request, response),
    );
  const early = short.answerHead(request);
  if (early === undefined) goOn();
  else answerWith(short, early, request, response, goOn);
}

function answerWith<Answer>(
  { answerBroken, render, onAnswered }: ShortRequests<Answer>,
  answer: Promise<Answer | undefined>,
  request: IncomingMessage,
  response: ServerResponse,
  goOn: () => void = () => undefined,
): void {
  const askedAtMs = onAnswered === undefined ? 0 : performance.now();
  answer
    .catch((error: unknown) => answerBroken(request, error))
    .then((found) => {
      if (found === undefined) {
        goOn();
        return;
      }
      if (!request.complete) endConnection(request, response);
      const whole = render(found);
      send(response, whole);
      onAnswered?.(request, whole.status, performance.now() - askedAtMs);
    })
    .catch(() => response.destroy()); // should it ever reject, nobody else is harmed
}

function send(response: ServerResponse, { status, headers, body, parts }: WholeAnswer): void {
  if (parts !== undefined) {
    sendParts(response, status, headers, parts);
    return;
  }
  // Without a body there is nothing to say of it.
  const about: OutgoingHttpHeaders = { ...headers };
  if (status === noContent) delete about['content-type'];
  else about['content-length'] = Buffer.byteLength(body);
  response.writeHead(status, about).end(body);
}
