import type { Alert, WaitingAlert } from './alert.js';

/** What brings alerts to somebody. It holds those that are not delivered yet, in their order. */
export interface AlertReceiver {
  add(alert: WaitingAlert): void;
  /** The number of the oldest alert that is not delivered; undefined: all are. */
  readonly oldestWaiting: number | undefined;
  /**
   * Delivers what is due.
   *
   * @param onDelivered - called, and waited for, now and then when some have been delivered
   * @throws Error when one could not be delivered; it stays, and so do those after it
   */
  deliver(signal: AbortSignal, onDelivered: () => Promise<void>): Promise<void>;
  /** Delivers this one now, beside all others. @returns what the receiver answered */
  test(alert: Alert, signal: AbortSignal): Promise<string>;
  readonly counts: { sent: number; failed: number };
}
