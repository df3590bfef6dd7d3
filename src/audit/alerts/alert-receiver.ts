import type { Alert, WaitingAlert } from './alert.js';

/** Since the start. */
export interface AlertCounts {
  sent: number;
  /** Attempts. */
  failed: number;
  /** Alerts that the receiver refused for so long that the later ones went on without them. */
  putAside: number;
}

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
  /**
   * Delivers this one now, beside all others.
   *
   * @returns what the receiver answered
   * @throws ReceiverRefusal, or another Error where there was no answer
   */
  test(alert: Alert, signal: AbortSignal): Promise<string>;
  readonly counts: AlertCounts;
  /** What an operator should know although alerts are delivered, such as an address that the server does not take. */
  readonly problem: string | undefined;
}

/** The receiver said no. What it said is for those who ask for a test alone: its message has nothing of that in it. */
export class ReceiverRefusal extends Error {
  constructor(
    message: string,
    readonly answer: string,
  ) {
    super(message);
  }
}
