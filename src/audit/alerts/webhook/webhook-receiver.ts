import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { rootCertificates } from 'node:tls';
import type { AlertSettings, AlertWebhook } from '../../../config/alert-settings.js';
import { version } from '../../../config/version.js';
import { alertBody, type Alert, type WaitingAlert } from '../alert.js';
import type { AlertReceiver } from '../alert-receiver.js';
import { checkedLookup } from '../receiver-lookup.js';
import { postMessage, type MessageAnswer } from './post-message.js';
import { signWebhook } from './sign-webhook.js';

/** For a message, its answer included. */
const limitMs = 15_000;
/** The cursor is moved at most so often while many alerts go out one after the other. */
const progressMs = 250;

export interface WebhookParts {
  webhook: AlertWebhook;
  settings: Pick<AlertSettings, 'webhookSecrets' | 'networks'>;
  trusted: readonly string[];
  limitMs?: number;
}

/** One alert after the other, each as a signed message; a status from 200 to 299 acknowledges it. */
export class WebhookReceiver implements AlertReceiver {
  readonly counts = { sent: 0, failed: 0 };
  private readonly waiting: WaitingAlert[] = [];

  constructor(private readonly parts: WebhookParts) {}

  add(alert: WaitingAlert): void {
    this.waiting.push(alert);
  }

  get oldestWaiting(): number | undefined {
    return this.waiting[0]?.number;
  }

  async deliver(signal: AbortSignal, onDelivered: () => Promise<void>): Promise<void> {
    let toldAtMs = performance.now();
    const agent = this.newAgent();
    try {
      for (let alert = this.waiting[0]; alert !== undefined; alert = this.waiting[0]) {
        signal.throwIfAborted();
        await this.send(alert, signal, agent);
        this.waiting.shift();
        if (performance.now() - toldAtMs < progressMs) continue;
        await onDelivered();
        toldAtMs = performance.now();
      }
    } finally {
      // A connection that is kept for later may be closed by the receiver just as the next message begins.
      agent.destroy();
    }
  }

  async test(alert: Alert, signal: AbortSignal): Promise<string> {
    const agent = this.newAgent();
    try {
      const { status, text } = await this.post(alert, signal, agent);
      return `${String(status)}${text === '' ? '' : ` ${text}`}`;
    } finally {
      agent.destroy();
    }
  }

  private newAgent(): HttpAgent {
    const { webhook, settings, trusted } = this.parts;
    const options = { keepAlive: true, maxSockets: 1, lookup: checkedLookup(settings.networks) };
    return webhook.url.protocol === 'https:'
      ? new HttpsAgent({ ...options, ca: [...rootCertificates, ...trusted], minVersion: 'TLSv1.2' })
      : new HttpAgent(options);
  }

  private async send(alert: Alert, signal: AbortSignal, agent: HttpAgent): Promise<void> {
    try {
      const { status } = await this.post(alert, signal, agent);
      if (status < 200 || status > 299)
        throw new Error(`the receiver answered with status ${String(status)}`);
      this.counts.sent++;
    } catch (error) {
      if (!signal.aborted) this.counts.failed++;
      throw error;
    }
  }

  private post(alert: Alert, signal: AbortSignal, agent: HttpAgent): Promise<MessageAnswer> {
    const { webhook, settings } = this.parts;
    const body = alertBody(alert);
    const headers = {
      'Content-Type': 'application/json',
      'User-Agent': `hearthkey/${version}`,
      ...signWebhook(settings.webhookSecrets, alert.id, Date.now() / 1000, body),
    };
    return postMessage(
      webhook.url,
      { headers, body },
      { agent, signal, limitMs: this.parts.limitMs ?? limitMs },
    );
  }
}
