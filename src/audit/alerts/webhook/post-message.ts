import { request as requestHttp, type Agent, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface MessageAnswer {
  status: number;
  /** The beginning of the body. */
  text: string;
}

const keptBytes = 2048;

/**
 * Posts a message, and waits for the answer. Redirections are not followed.
 *
 * @param limitMs - for all of it
 * @throws Error where no answer came
 */
export function postMessage(
  url: URL,
  message: { headers: Record<string, string>; body: string },
  how: { agent: Agent; signal: AbortSignal; limitMs: number },
): Promise<MessageAnswer> {
  const body = Buffer.from(message.body);
  const options: RequestOptions = {
    method: 'POST',
    agent: how.agent,
    signal: how.signal,
    headers: { ...message.headers, 'Content-Length': body.length },
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    let isAnswered = false;
    const sent = send(url, options, (answer) => {
      isAnswered = true;
      void readAnswer(answer).then(resolve, reject);
    });
    const timer = setTimeout(
      () => sent.destroy(new Error('the receiver keeps still for too long')),
      how.limitMs,
    );
    sent.once('error', reject);
    // An answer 101 is told in no other way.
    sent.once('upgrade', ({ statusCode: status = 0 }, socket) => {
      socket.destroy();
      resolve({ status, text: '' });
    });
    sent.once('close', () => {
      clearTimeout(timer);
      if (!isAnswered) reject(new Error('the receiver closed the connection without an answer'));
    });
    sent.end(body);
  });
}

/** A status is an answer, whatever comes of the body; of a body that is too long the connection is ended. */
function readAnswer(answer: IncomingMessage): Promise<MessageAnswer> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    answer.on('data', (piece: Buffer) => {
      bytes = Buffer.concat([bytes, piece]);
      if (bytes.length > keptBytes) answer.destroy();
    });
    answer.once('error', () => undefined);
    answer.once('close', () => {
      resolve({ status: answer.statusCode ?? 0, text: bytes.toString('utf8', 0, keptBytes) });
    });
  });
}
