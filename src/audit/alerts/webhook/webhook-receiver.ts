import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { rootCertificates } from 'node:tls';
import type { AlertWebhook } from '../../../config/alert-webhooks.js';
import { version } from '../../../config/version.js';
import type { AddressRange } from '../../../network/address-range.js';
import { alertBody, type Alert, type WaitingAlert } from '../alert.js';
import { ReceiverRefusal, type AlertCounts, type AlertReceiver } from '../alert-receiver.js';
import { notPublic } from '../not-public.js';
import { lookupChecked } from '../../sinks/receiver-address.js';
import { postMessage, type MessageAnswer } from './post-message.js';
import { signWebhook } from './sign-webhook.js';

/** For a message, its answer included. */
const limitMs = 15_000;
/** The cursor is moved at most so often while many alerts go out one after the other. */
const progressMs = 250;

/** An alert is put aside when it is so old and was refused, by an answer, for so long since the start. */
const usualPatience: RefusalPatience = { alertAgeMs: 3 * 86_400_000, refusedMs: 3_600_000 };

/** The receiver, or what stands before it, has no time now: that says nothing of the alert. */
const awayStatuses: ReadonlySet<number> = new Set([408, 425, 429, 502, 503, 504]);

export interface RefusalPatience {
  alertAgeMs: number;
  refusedMs: number;
}

export interface WebhookParts {
  webhook: AlertWebhook;
  networks: readonly AddressRange[];
  trusted: readonly string[];
  onWarning: (text: string) => void;
  limitMs?: number;
  patience?: RefusalPatience;
}

/**
 * One alert after the other, each as a signed message; a status from 200 to 299 acknowledges it. One that is refused for
 * days keeps the later ones from the receiver no longer: it is counted, told and passed over. A receiver that does not
 * answer at all refuses nothing.
 */
export class WebhookReceiver implements AlertReceiver {
  readonly counts: AlertCounts = { sent: 0, failed: 0, putAside: 0 };
  readonly problem = undefined;
  private readonly waiting: WaitingAlert[] = [];
  /** The alert that was refused last, and since when. */
  private refused: { id: string; sinceMs: number } | undefined;
  /** It has accepted nothing since one was put aside. */
  private refusesAll = false;

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
      const answer = `${String(status)}${text === '' ? '' : ` ${text}`}`;
      if (status >= 200 && status <= 299) return answer;
      throw new ReceiverRefusal(`the receiver answered with status ${String(status)}`, answer);
    } finally {
      agent.destroy();
    }
  }

  private newAgent(): HttpAgent {
    const { webhook, networks, trusted } = this.parts;
    const options = { keepAlive: true, maxSockets: 1, lookup: lookupChecked(notPublic(networks)) };
    return webhook.url.protocol === 'https:'
      ? new HttpsAgent({ ...options, ca: [...rootCertificates, ...trusted], minVersion: 'TLSv1.2' })
      : new HttpAgent(options);
  }

  /** @returns when it has been accepted or put aside */
  private async send(alert: WaitingAlert, signal: AbortSignal, agent: HttpAgent): Promise<void> {
    const { webhook, onWarning } = this.parts;
    let refusal: number | undefined;
    try {
      const { status } = await this.post(alert, signal, agent);
      if (status >= 200 && status <= 299) {
        this.counts.sent++;
        this.refusesAll = false;
        return;
      }
      if (!awayStatuses.has(status)) refusal = status;
      if (refusal === undefined || !this.isHopeless(alert))
        throw new Error(`the receiver answered with status ${String(status)}`);
    } catch (error) {
      if (!signal.aborted) this.counts.failed++;
      // What could not be asked was not refused.
      if (refusal === undefined) this.refused = undefined;
      throw error;
    }
    this.counts.failed++;
    this.counts.putAside++;
    this.refusesAll = true;
    const what = `${alert.type} of event ${String(alert.number)}`;
    onWarning(`the alert ${what} is put aside: ${webhook.name} answers it with status ${String(refusal)}`);
  }

  private isHopeless({ id, timestamp }: WaitingAlert): boolean {
    const { alertAgeMs, refusedMs } = this.parts.patience ?? usualPatience;
    if (this.refused?.id !== id) this.refused = { id, sinceMs: performance.now() };
    // Where the one before it was refused too, it is not about this one.
    const neededMs = this.refusesAll ? alertAgeMs : refusedMs;
    if (performance.now() - this.refused.sinceMs < neededMs) return false;
    return Date.now() - Date.parse(timestamp) >= alertAgeMs;
  }

  private post(alert: Alert, signal: AbortSignal, agent: HttpAgent): Promise<MessageAnswer> {
    const { webhook } = this.parts;
    const body = alertBody(alert);
    const headers = {
      'Content-Type': 'application/json',
      'User-Agent': `hearthkey/${version}`,
      ...signWebhook(webhook.secrets, alert.id, Date.now() / 1000, body),
    };
    return postMessage(
      webhook.url,
      { headers, body },
      { agent, signal, limitMs: this.parts.limitMs ?? limitMs },
    );
  }
}
