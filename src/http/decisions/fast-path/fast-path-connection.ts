import type { Socket } from 'node:net';
import type { Decision } from '../../../authorization/access-request.js';
import { peerOf } from '../../request-log.js';
import { readPlainQuestion } from '../authorize-adapter.js';
import { answerDecision, renderAnswer, type GateQuestion } from '../decision-answer.js';
import { requestIdIn, type PlainRequestReader } from './plain-request.js';

/** What the log of requests has of an answer. */
export interface FastPathAnswer {
  /** The `X-Request-ID` that the request came with. */
  givenId: string | undefined;
  peer: string;
  ms: number;
}

export interface FastPathConnectionParts {
  reader: PlainRequestReader;
  decide: (question: GateQuestion) => Promise<Decision>;
  /** Goes on with a connection at the server; nothing of the request has been taken. */
  handOver: (socket: Socket) => void;
  /** Told why a question that was taken has no answer; its connection is ended. */
  onError: (error: unknown) => void;
  /** For how long it may be silent after an answer, milliseconds; whole seconds. */
  keepAliveMs: number;
  /** The same before its first question. */
  firstWordMs: number;
  counts: { requests: number };
  onAnswered?: (answered: FastPathAnswer) => void;
}

/** The rest of a question comes right behind its beginning; else it is the server that waits for it. */
const restMs = 2_000;

// As Node.js' server says it.
const tooLate = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';
const cutOff = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';

/**
 * One connection of a gateway, for as long as it asks nothing but plain questions, one after the other. With the first
 * request that is anything else it is handed over, with every byte of that request, and never comes back.
 */
export class FastPathConnection {
  isDeciding = false;
  hasAnswered = false;
  /** The other end says no more. */
  private hasEnded = false;
  /** A part of a request, or one that came before the one before it was answered. */
  private held: Buffer | undefined;
  private silenceMs = 0;
  private askedAtMs = 0;
  private givenId: string | undefined;
  private readonly goesOn: string;

  constructor(
    private readonly socket: Socket,
    private readonly parts: FastPathConnectionParts,
  ) {
    this.goesOn = `Connection: keep-alive\r\nKeep-Alive: timeout=${String(parts.keepAliveMs / 1000)}`;
    socket.setNoDelay(true);
    this.limitSilence(parts.firstWordMs);
    socket.on('data', this.onData).on('end', this.onEnd).on('timeout', this.onTimeout);
    socket.on('error', this.onGone);
  }

  /** Ends it, once what is being decided is answered; what has begun to come is left to the server and its stop. */
  end(): void {
    if (this.held !== undefined && !this.isDeciding) {
      this.handOver(this.held);
      return;
    }
    this.hasEnded = true;
    if (!this.isDeciding) this.socket.destroy();
  }

  private readonly onData = (chunk: Buffer): void => {
    const { held, socket } = this;
    if (this.hasEnded) return;
    if (this.isDeciding) {
      this.held = held === undefined ? chunk : Buffer.concat([held, chunk]);
      socket.pause();
      return;
    }
    this.held = undefined;
    const bytes = held === undefined ? chunk : Buffer.concat([held, chunk]);
    const body = this.parts.reader.read(bytes);
    if (body === 'incomplete' && held === undefined) {
      this.held = bytes;
      this.limitSilence(restMs);
    } else this.take(body, bytes);
  };

  private take(body: Buffer | 'incomplete' | undefined, bytes: Buffer): void {
    const question = typeof body === 'object' ? readPlainQuestion(body) : undefined;
    if (question === undefined) {
      this.handOver(bytes);
      return;
    }
    this.isDeciding = true;
    if (this.parts.onAnswered !== undefined) {
      this.askedAtMs = performance.now();
      this.givenId = requestIdIn(bytes);
    }
    try {
      this.parts.decide(question).then(this.answer).catch(this.fail);
    } catch (error) {
      this.fail(error);
    }
  }

  private readonly answer = (decision: Decision): void => {
    [this.isDeciding, this.hasAnswered] = [false, true];
    const { socket, held } = this;
    this.parts.counts.requests++;
    const { givenId, askedAtMs } = this;
    this.parts.onAnswered?.({ givenId, peer: peerOf(socket), ms: performance.now() - askedAtMs });
    if (socket.destroyed) return;
    if (this.hasEnded) {
      socket.end(render(decision, 'Connection: close'));
      return;
    }
    this.limitSilence(this.parts.keepAliveMs);
    const isRead = socket.write(render(decision, this.goesOn));
    if (held !== undefined) this.handOver(held);
    else if (!isRead) this.waitUntilRead();
  };

  /** Backpressure: stop reading until the answer drains. */
  private waitUntilRead(): void {
    this.socket.pause().once('drain', () => this.socket.resume());
  }

  private readonly onEnd = (): void => {
    this.hasEnded = true;
    if (this.isDeciding) return;
    if (this.held === undefined) this.socket.end();
    else this.socket.end(cutOff);
  };

  private limitSilence(ms: number): void {
    if (ms === this.silenceMs) return;
    this.silenceMs = ms;
    this.socket.setTimeout(ms);
  }

  /** Silent between two questions, or before the first: it is ended. Within one the server's own limits count. */
  private readonly onTimeout = (): void => {
    if (this.isDeciding) return;
    const { socket, held } = this;
    if (held !== undefined) this.handOver(held);
    else if (this.hasAnswered) socket.destroy();
    else {
      this.hasEnded = true;
      socket.end(tooLate, () => socket.destroy());
    }
  };

  private readonly onGone = (): void => {
    this.socket.destroy();
  };

  private readonly fail = (error: unknown): void => {
    this.socket.destroy();
    this.parts.onError(error);
  };

  private handOver(bytes: Buffer | undefined): void {
    const { socket } = this;
    if (this.hasEnded) return;
    socket.pause().setTimeout(0);
    socket.off('data', this.onData).off('end', this.onEnd).off('timeout', this.onTimeout);
    socket.off('error', this.onGone);
    if (bytes !== undefined) socket.unshift(bytes);
    this.parts.handOver(socket);
    socket.resume();
  }
}

let date = { second: NaN, text: '' };

/** The newest text is kept. */
function formatHttpDate(timeMs: number): string {
  const second = Math.floor(timeMs / 1000);
  if (second !== date.second) date = { second, text: new Date(timeMs).toUTCString() };
  return date.text;
}

/** As the standard path answers, to the byte. */
function render(decision: Decision, connection: string): string {
  const body = renderAnswer(answerDecision(decision));
  return (
    'HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\n' +
    `content-length: ${String(Buffer.byteLength(body))}\r\nDate: ${formatHttpDate(Date.now())}\r\n` +
    `${connection}\r\n\r\n${body}`
  );
}
