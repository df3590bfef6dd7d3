import {
  request as httpRequest,
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
import { request as httpsRequest, Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { createSecureContext, rootCertificates, TLSSocket } from 'node:tls';

export interface UpstreamConnectionOptions {
  url: URL;
  /** Certificates to trust besides those that Node.js brings. */
  trusted: readonly string[];
  connectTimeoutMs: number;
  timeoutMs: number;
  outputLimitBytes: number;
}

/** What came of one request. `why` is for the log; it has nothing of the request in it. */
export type Exchange =
  | { outcome: 'answered'; status: number; headers: IncomingMessage['headers']; body: string }
  | { outcome: 'not_sent'; why: string }
  /** It was sent, wholly or in part, and no whole answer came back. */
  | { outcome: 'lost'; why: string }
  | { outcome: 'timed_out' }
  | { outcome: 'too_long' };

/**
 * How long a connection is kept for the next request. Shorter than servers keep theirs (5 s is the shortest usual
 * time), so that a request rarely meets one that the server is just closing.
 */
const idleMs = 3_000;
const maxIdleConnections = 32;

/**
 * Sends forms to one address over connections that are used again. Nothing is sent before the connection stands and,
 * with TLS, before the certificate is verified; and nothing is ever sent twice.
 */
export class UpstreamConnection {
  private readonly agent: HttpAgent;

  constructor(private readonly options: UpstreamConnectionOptions) {
    const keeping = { keepAlive: true, timeout: idleMs, maxFreeSockets: maxIdleConnections };
    this.agent =
      options.url.protocol === 'https:' ? tlsAgent(keeping, options.trusted) : new HttpAgent(keeping);
  }

  /** @param form - the fields, encoded */
  post(form: string): Promise<Exchange> {
    const { connectTimeoutMs, timeoutMs, outputLimitBytes } = this.options;
    const body = Buffer.from(form);
    return new Promise((resolve) => {
      const request = this.open(body.length);
      let isSent = false;
      let hasResponse = false;
      const settle = (exchange: Exchange): void => {
        clearTimeout(connectTimer);
        clearTimeout(timer);
        resolve(exchange); // the first one counts
      };
      const giveUp = (exchange: Exchange): void => {
        settle(exchange);
        request.destroy();
      };
      const connectTimer = setTimeout(() => {
        giveUp({ outcome: 'not_sent', why: `no connection within ${String(connectTimeoutMs / 1000)} s` });
      }, connectTimeoutMs);
      const timer = setTimeout(() => {
        giveUp(isSent ? { outcome: 'timed_out' } : { outcome: 'not_sent', why: 'no connection in time' });
      }, timeoutMs);
      const failed = (error: unknown): void => {
        giveUp({ outcome: isSent ? 'lost' : 'not_sent', why: nameOf(error) });
      };
      onceReady(request, () => {
        clearTimeout(connectTimer);
        isSent = true;
        request.end(body);
      });
      request.on('response', (response) => {
        hasResponse = true;
        readBody(response, outputLimitBytes).then((text) => {
          if (text === undefined) giveUp({ outcome: 'too_long' });
          else
            settle({
              outcome: 'answered',
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: text,
            });
        }, failed);
      });
      request.on('error', failed);
      // A connection can end without an error, such as by an answer that changes the protocol.
      request.on('close', () => {
        if (!hasResponse) failed({ code: 'no answer' });
      });
    });
  }

  private open(length: number): ClientRequest {
    const { url } = this.options;
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return send(url, {
      method: 'POST',
      agent: this.agent,
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'Content-Length': length,
        'Accept-Encoding': 'identity',
        'User-Agent': 'Hearthkey',
      },
    });
  }
}

function tlsAgent(
  keeping: { keepAlive: boolean; timeout: number; maxFreeSockets: number },
  trusted: readonly string[],
): HttpsAgent {
  return new HttpsAgent({
    ...keeping,
    // Said here, it holds whatever NODE_TLS_REJECT_UNAUTHORIZED says.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    // Made once: to read all those certificates for each connection takes its time.
    ...(trusted.length > 0 && {
      secureContext: createSecureContext({ ca: [...rootCertificates, ...trusted], minVersion: 'TLSv1.2' }),
    }),
  });
}

/** Calls back when the request has a connection that stands and, with TLS, whose certificate is verified. */
function onceReady(request: ClientRequest, isReady: () => void): void {
  request.on('socket', (socket: Socket) => {
    const isTls = socket instanceof TLSSocket;
    if (isTls ? socket.authorized : !socket.connecting) isReady();
    else socket.once(isTls ? 'secureConnect' : 'connect', () => !request.destroyed && isReady());
  });
}

/** @returns undefined when there are more bytes than that */
async function readBody(response: IncomingMessage, limitBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** An error's code; texts of errors may quote what came over the wire. */
function nameOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
