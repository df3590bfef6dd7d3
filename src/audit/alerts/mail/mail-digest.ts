import { hash } from 'node:crypto';
import type { WaitingAlert } from '../alert.js';

/** So many are written out; the rest is counted. */
export const shownAlerts = 50;

/** The alerts of one mail: the first of them, and how many there were of each type. */
export class MailDigest {
  readonly shown: WaitingAlert[] = [];
  readonly counts = new Map<string, number>();
  total = 0;
  private newestId = '';

  add(alert: WaitingAlert): void {
    if (this.shown.length < shownAlerts) this.shown.push(alert);
    this.counts.set(alert.type, (this.counts.get(alert.type) ?? 0) + 1);
    this.newestId = alert.id;
    this.total++;
  }

  /** Names what is in the mail: a mail with more in it has another name, so nobody drops it as a repeat. */
  get id(): string {
    const text = `${this.shown[0]?.id ?? ''} ${this.newestId} ${String(this.total)}`;
    return hash('sha256', text).slice(0, 32);
  }
}
