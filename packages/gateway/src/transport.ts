import * as http from 'node:http';
import * as https from 'node:https';
import type { GateAddress } from './gate-options.js';
import { denyHere, type DeniedDecision } from './decision.js';

export type GatePath = '/v1/authorize' | '/access/v1/evaluations';

/** What came back: JSON that is still to be read, or why there is none. */
export type Answer = { json: unknown } | { denied: DeniedDecision };

export interface PendingAnswer {
  answer: Promise<Answer>;
  /** Gives it up, with its connection. */
  abort: () => void;
}

/** Far more than a decision, or a hundred, with all permissions of a key. */
const answerLimitBytes: Record<GatePath, number> = {
  '/v1/authorize': 256 * 1024,
  '/access/v1/evaluations': 4096 * 1024,
};

/** The service keeps silent connections for longer (72 s), so none is used that it is just ending. */
const keepIdleMs = 30_000;

/** Posts JSON over connections that are kept. */
export class Transport {
  /**
   * One for each path. A connection that asked nothing but `/v1/authorize` is answered on the service's fast path; the
   * first other request on it would end that.
   */
  private readonly agents: Record<GatePath, http.Agent>;
  private readonly options: http.RequestOptions;
  private readonly request: typeof http.request;

  constructor(address: GateAddress, connections: number) {
    const isTls = 'url' in address && address.url.protocol === 'https:';
    const { Agent } = isTls ? https : http;
    const agent = (): http.Agent =>
      new Agent({ keepAlive: true, maxSockets: connections, timeout: keepIdleMs });
    this.agents = { '/v1/authorize': agent(), '/access/v1/evaluations': agent() };
    this.request = isTls ? https.request : http.request;
    this.options = { method: 'POST', ...targetOf(address) };
  }

  post(path: GatePath, body: string): PendingAnswer {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const request = this.request({ ...this.options, agent: this.agents[path], path, headers });
    const answer = new Promise<Answer>((resolve) => {
      const fail = (error: unknown): void =>
        resolve({ denied: denyHere('gateway_unreachable', codeOf(error)) });
      request.on('error', fail);
      request.on('close', () => fail(undefined));
      request.on('response', (response) => {
        response.on('error', fail);
        readText(response, answerLimitBytes[path], (text) => resolve(readAnswer(response, text)));
      });
    });
    request.end(body);
    return { answer, abort: () => void request.destroy() };
  }

  close(): void {
    for (const agent of Object.values(this.agents)) agent.destroy();
  }
}

function targetOf(address: GateAddress): http.RequestOptions {
  if ('socketPath' in address) return { socketPath: address.socketPath, host: 'hearthkey' };
  const { hostname, port } = address.url;
  // An IPv6 address stands in brackets in a URL only.
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), ...(port !== '' && { port }) };
}

/** @param done - undefined: it is too long, or it was cut off */
function readText(
  response: http.IncomingMessage,
  limitBytes: number,
  done: (text: string | undefined) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  response.on('data', (chunk: Buffer) => {
    length += chunk.length;
    chunks.push(chunk);
    if (length <= limitBytes) return;
    done(undefined);
    response.destroy();
  });
  response.on('end', () => done(response.complete ? Buffer.concat(chunks, length).toString() : undefined));
}

function readAnswer({ statusCode }: http.IncomingMessage, text: string | undefined): Answer {
  if (text === undefined) return { denied: denyHere('gateway_bad_answer', 'too long or cut off') };
  if (statusCode === 403) return { denied: denyHere('gateway_refused', 'status 403') };
  if (statusCode !== 200) return { denied: denyHere('gateway_bad_answer', `status ${String(statusCode)}`) };
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    // Its message would repeat the text.
    return { denied: denyHere('gateway_bad_answer', 'not JSON') };
  }
}

/** A word of Node.js, never a message: that may have anything in it. */
function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' ? code : 'connection ended';
}
