import { ReceiverRefusal, type AlertCounts, type AlertReceiver } from '../alert-receiver.js';
import type { Alert, WaitingAlert } from '../alert.js';
import { MailDigest } from './mail-digest.js';
import { sendMail, type MailParts } from './send-mail.js';

/** What comes within this time of the first alert goes into the same mail. */
const collectMs = 5_000;
/** The shortest time from one mail with an urgent alert to the next one. */
const urgentEveryMs = 60_000;

export interface MailReceiverParts extends MailParts {
  onWarning: (text: string) => void;
  collectMs?: number;
  now?: () => number;
}

/**
 * Collects alerts, and sends them in one mail: soon after the first, and at most once in `everyMs`. An urgent one goes
 * out at once, with all that was collected before it.
 */
export class MailReceiver implements AlertReceiver {
  readonly counts: AlertCounts = { sent: 0, failed: 0, putAside: 0 };
  problem: string | undefined;
  private digest = new MailDigest();
  private beganAtMs = 0;
  private mailedAtMs = -Infinity;
  private urgentAtMs = -Infinity;

  constructor(private readonly parts: MailReceiverParts) {}

  add(alert: WaitingAlert): void {
    if (this.digest.total === 0) this.beganAtMs = this.nowMs;
    this.digest.add(alert);
  }

  get oldestWaiting(): number | undefined {
    return this.digest.oldest;
  }

  async deliver(signal: AbortSignal): Promise<void> {
    const { digest } = this;
    if (digest.total === 0 || this.nowMs < this.dueAtMs) return;
    try {
      const { refused } = await sendMail(this.parts, digest, signal);
      this.noteRefused(refused);
    } catch (error) {
      if (!signal.aborted) this.counts.failed++;
      throw error;
    }
    this.counts.sent += digest.total;
    this.mailedAtMs = this.nowMs;
    if (digest.isUrgent) this.urgentAtMs = this.mailedAtMs;
    this.digest = new MailDigest();
  }

  async test(alert: Alert, signal: AbortSignal): Promise<string> {
    const digest = new MailDigest();
    digest.add({ ...alert, number: 0 });
    const { response, refused } = await sendMail(this.parts, digest, signal);
    if (refused.length > 0) throw new ReceiverRefusal(refusedText(refused), refusedText(refused));
    return response;
  }

  private get nowMs(): number {
    return (this.parts.now ?? (() => performance.now()))();
  }

  private get dueAtMs(): number {
    const { mail, collectMs: untilMs = collectMs } = this.parts;
    const dueAtMs = Math.max(this.beganAtMs + untilMs, this.mailedAtMs + mail.everyMs);
    const urgentAtMs = this.urgentAtMs + Math.min(urgentEveryMs, mail.everyMs);
    return this.digest.isUrgent ? Math.min(dueAtMs, urgentAtMs) : dueAtMs;
  }

  /** The others have the mail: sending it again for these would send it again to all, and for a bad address for ever. */
  private noteRefused(refused: readonly string[]): void {
    const problem = refused.length === 0 ? undefined : refusedText(refused);
    if (problem !== undefined) {
      this.counts.failed++;
      if (problem !== this.problem) this.parts.onWarning(`alerts by mail: ${problem}`);
    }
    this.problem = problem;
  }
}

function refusedText(refused: readonly string[]): string {
  return `the mail server does not take mail to ${refused.join(', ')}`;
}
