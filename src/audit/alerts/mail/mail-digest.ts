import { hash } from 'node:crypto';
import { isUrgent } from '../../../config/alert-types.js';
import type { WaitingAlert } from '../alert.js';

/** So many are written out, and as many of the urgent ones; the rest is counted. */
const shownAlerts = 50;

/** The alerts of one mail: the first of them, the urgent ones before all others, and how many there were of each type. */
export class MailDigest {
  readonly counts = new Map<string, number>();
  total = 0;
  /** The number of the oldest alert in it. */
  oldest: number | undefined;
  private readonly urgent: WaitingAlert[] = [];
  private readonly others: WaitingAlert[] = [];
  private firstId = '';
  private newestId = '';

  add(alert: WaitingAlert): void {
    const list = isUrgent(alert.type) ? this.urgent : this.others;
    if (list.length < shownAlerts) list.push(alert);
    this.counts.set(alert.type, (this.counts.get(alert.type) ?? 0) + 1);
    if (this.total === 0) [this.oldest, this.firstId] = [alert.number, alert.id];
    this.newestId = alert.id;
    this.total++;
  }

  get shown(): readonly WaitingAlert[] {
    return [...this.urgent, ...this.others];
  }

  get isUrgent(): boolean {
    return this.urgent.length > 0;
  }

  /** Names what is in the mail: a mail with more in it has another name, so nobody drops it as a repeat. */
  get id(): string {
    return hash('sha256', `${this.firstId} ${this.newestId} ${String(this.total)}`).slice(0, 32);
  }
}
