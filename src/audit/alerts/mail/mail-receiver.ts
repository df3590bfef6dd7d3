import { hostname } from 'node:os';
import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import type { AlertMail } from '../../../config/alert-settings.js';
import type { AddressRange } from '../../../network/address-range.js';
import { isLoopbackHost } from '../../../network/reserved-addresses.js';
import type { Alert, WaitingAlert } from '../alert.js';
import type { AlertReceiver } from '../alert-receiver.js';
import { checkedAddress } from '../receiver-lookup.js';
import { MailDigest } from './mail-digest.js';
import { mailText } from './mail-text.js';

/** What comes within this time of the first alert goes into the same mail. */
const collectMs = 5_000;
const connectMs = 10_000;
const silenceMs = 20_000;

export interface MailParts {
  mail: AlertMail;
  networks: readonly AddressRange[];
  trusted: readonly string[];
  collectMs?: number;
}

/** Collects alerts, and sends them in one mail: soon after the first, and at most once in `everyMs`. */
export class MailReceiver implements AlertReceiver {
  readonly counts = { sent: 0, failed: 0 };
  private digest = new MailDigest();
  private beganAtMs = 0;
  private mailedAtMs = -Infinity;

  constructor(private readonly parts: MailParts) {}

  add(alert: WaitingAlert): void {
    if (this.digest.total === 0) this.beganAtMs = performance.now();
    this.digest.add(alert);
  }

  get oldestWaiting(): number | undefined {
    return this.digest.shown[0]?.number;
  }

  async deliver(signal: AbortSignal): Promise<void> {
    const { digest } = this;
    if (digest.total === 0 || performance.now() < this.dueAtMs) return;
    try {
      await this.send(digest, signal);
    } catch (error) {
      if (!signal.aborted) this.counts.failed++;
      throw error;
    }
    this.counts.sent += digest.total;
    this.mailedAtMs = performance.now();
    this.digest = new MailDigest();
  }

  async test(alert: Alert, signal: AbortSignal): Promise<string> {
    const digest = new MailDigest();
    digest.add({ ...alert, number: 0 });
    return this.send(digest, signal);
  }

  private get dueAtMs(): number {
    const { mail, collectMs: untilMs = collectMs } = this.parts;
    return Math.max(this.beganAtMs + untilMs, this.mailedAtMs + mail.everyMs);
  }

  /** @returns what the server answered */
  private async send(digest: MailDigest, signal: AbortSignal): Promise<string> {
    const { mail, networks, trusted } = this.parts;
    const { host, port, isTls, user, password } = mail.server;
    const address = await checkedAddress(host, networks);
    // Loading it costs memory, and most installations send no mail.
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({
      ...{ host: address, port, secure: isTls, requireTLS: !isTls && !isLoopbackHost(host) },
      ...(user !== '' && { auth: { user, pass: password } }),
      tls: {
        ...(isIP(host) === 0 && { servername: host }),
        ...{ ca: [...rootCertificates, ...trusted], minVersion: 'TLSv1.2' as const },
      },
      ...{ connectionTimeout: connectMs, greetingTimeout: connectMs, socketTimeout: silenceMs },
      ...{ disableFileAccess: true, disableUrlAccess: true },
    });
    const sent = transport.sendMail({
      ...{ from: mail.from, to: [...mail.to], ...mailText(digest) },
      messageId: `<${digest.id}@${hostname()}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    const { response } = await orAborted(sent, signal);
    return response;
  }
}

/** It may have been sent all the same: then it is sent again. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Error('the service is stopping'));
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
