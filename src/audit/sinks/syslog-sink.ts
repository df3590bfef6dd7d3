import { isIP, connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, rootCertificates } from 'node:tls';
import type { AuditSink } from '../../config/audit-export-settings.js';
import { lookupReceiver } from './receiver-address.js';
import {
  acknowledgeAll,
  encodeBatch,
  type FormatEvent,
  type OnUnreadable,
  type RecordedEvent,
  type Sink,
} from './sink.js';
import { syslogFrame } from './syslog-message.js';

/** So long a receiver may keep still: while it is connected to, while it reads, and until it closes the connection. */
const silenceMs = 30_000;

/**
 * Syslog over TCP or TLS. The protocol has no acknowledgement, so each batch has a connection of its own: the service
 * ends its direction after the last message, and a receiver closes the connection once it has read up to that end. What
 * a receiver that is killed had not read yet is answered with a reset in place of that, and is sent again.
 */
export class SyslogSink implements Sink {
  constructor(
    private readonly target: AuditSink,
    private readonly format: FormatEvent,
    private readonly trusted: readonly string[],
    private readonly silentMs = silenceMs,
  ) {}

  async send(
    events: readonly RecordedEvent[],
    signal: AbortSignal,
    acknowledge: (number: number) => Promise<void>,
    onUnreadable: OnUnreadable,
  ): Promise<void> {
    const bytes = await encodeBatch(events, (event) => syslogFrame(event, this.format), onUnreadable);
    signal.throwIfAborted();
    if (bytes.length > 0) await this.deliver(bytes, signal);
    await acknowledgeAll(events, acknowledge);
  }

  private deliver(bytes: Buffer, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = this.connect();
      const abort = (): void => void socket.destroy(new Error('the service is stopping'));
      signal.addEventListener('abort', abort, { once: true });
      let isEnded = false; // by the service, everything before it included
      let isRead = false; // up to that end, by the receiver
      socket.setTimeout(this.silentMs, () =>
        socket.destroy(new Error('the receiver keeps still for too long')),
      );
      socket.once(this.target.kind === 'syslog+tls' ? 'secureConnect' : 'connect', () => {
        socket.end(bytes, () => (isEnded = true));
      });
      // Without a reader the end is never seen; what a receiver says is of no use.
      socket.resume();
      socket.once('end', () => {
        isRead = isEnded;
        socket.end();
      });
      let problem: Error | undefined;
      socket.on('error', (error) => (problem ??= error));
      socket.once('close', () => {
        signal.removeEventListener('abort', abort);
        if (problem === undefined && isRead) resolve();
        else reject(problem ?? new Error('the receiver closed the connection before the end of the batch'));
      });
    });
  }

  private connect(): Socket {
    const { host, port, kind } = this.target;
    // What the receiver closes while the service still writes must not end the writing unseen.
    const place = { host, port, lookup: lookupReceiver, allowHalfOpen: true };
    if (kind === 'syslog+tcp') return connectTcp(place);
    const servername = isIP(host) === 0 ? { servername: host } : {};
    return connectTls({
      ...place,
      ...servername,
      ca: [...rootCertificates, ...this.trusted],
      minVersion: 'TLSv1.2',
    });
  }
}
