import { Agent, request, type RequestOptions } from 'node:https';
import { rootCertificates } from 'node:tls';
import type { AuditSink } from '../../config/audit-export-settings.js';
import { version } from '../../config/version.js';
import { lookupReceiver } from './receiver-address.js';
import {
  acknowledgeAll,
  encodeBatch,
  type FormatEvent,
  type OnUnreadable,
  type RecordedEvent,
  type Sink,
} from './sink.js';

/** So long a receiver may keep still. */
const silenceMs = 30_000;

/** JSON lines over HTTPS: a batch is acknowledged by a status from 200 to 299. Redirections are not followed. */
export class HttpsSink implements Sink {
  private readonly options: RequestOptions;

  constructor(
    { host, port, path }: AuditSink,
    private readonly format: FormatEvent,
    trusted: readonly string[],
    private readonly header: readonly [name: string, value: string] | undefined,
    private readonly silentMs = silenceMs,
  ) {
    const agent = new Agent({
      ...{ keepAlive: true, maxSockets: 1, lookup: lookupReceiver },
      ...{ ca: [...rootCertificates, ...trusted], minVersion: 'TLSv1.2' },
    });
    this.options = { host, port, path, method: 'POST', agent };
  }

  async send(
    events: readonly RecordedEvent[],
    signal: AbortSignal,
    acknowledge: (number: number) => Promise<void>,
    onUnreadable: OnUnreadable,
  ): Promise<void> {
    const body = await encodeBatch(events, (event) => `${this.format(event)}\n`, onUnreadable);
    if (body.length > 0) await this.post(body, signal);
    await acknowledgeAll(events, acknowledge);
  }

  private post(body: Buffer, signal: AbortSignal): Promise<void> {
    const headers = {
      'Content-Type': 'application/x-ndjson',
      'Content-Length': body.length,
      'User-Agent': `hearthkey/${version}`,
      ...(this.header !== undefined && { [this.header[0]]: this.header[1] }),
    };
    return new Promise<void>((resolve, reject) => {
      const refuse = (status: number): void =>
        reject(new Error(`the receiver answered with status ${String(status)}`));
      let isAnswered = false;
      const sent = request({ ...this.options, headers, signal }, (answer) => {
        isAnswered = true;
        const { statusCode = 0 } = answer;
        answer.once('error', reject);
        if (statusCode >= 200 && statusCode < 300) {
          // The batch is acknowledged; the rest is read so that the connection can be used again.
          answer.resume().once('close', resolve);
        } else {
          answer.destroy();
          refuse(statusCode);
        }
      });
      sent.setTimeout(this.silentMs, () => sent.destroy(new Error('the receiver keeps still for too long')));
      sent.once('error', reject);
      // Of an answer 101 nothing else is told.
      sent.once('upgrade', ({ statusCode = 0 }, socket) => {
        socket.destroy();
        refuse(statusCode);
      });
      sent.once('close', () => {
        if (!isAnswered) reject(new Error('the receiver closed the connection without an answer'));
      });
      sent.end(body);
    });
  }
}
