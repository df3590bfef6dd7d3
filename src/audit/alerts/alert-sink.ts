import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RecordTail } from '../sinks/record-tail.js';
import type { OnUnreadable, RecordedEvent, Sink } from '../sinks/sink.js';
import type { WaitingAlert } from './alert.js';
import type { AlertReceiver } from './alert-receiver.js';
import type { AlertStateFile } from './alert-state-file.js';
import type { AlertFinder } from './find-alerts.js';

export interface AlertSinkParts {
  receiver: AlertReceiver;
  finder: AlertFinder;
  stateFile: Pick<AlertStateFile, 'restore' | 'write'>;
  /** Its own: it reads what lies between the state on the disk and the cursor. */
  tail: RecordTail;
  saveEveryMs?: number;
}

/** So many events are read before other work gets its turn. */
const eventsPerTurn = 200;
/** Writing a large state takes at most one part in so many of the time. */
const savingShare = 50;
const learning = { maxEvents: 2000, maxBytes: 1_048_576 };

/**
 * Finds alerts in the record and brings them to one receiver. An event is acknowledged once every alert up to it has
 * been delivered, so a kill loses none. What the finder knows is on the disk as of an earlier event; what lies between
 * that and the cursor is read again at the start, and gives the same.
 */
export class AlertSink implements Sink {
  /** Everything up to there is known to the finder. */
  private foundUpTo = 0;
  private savedUpTo = 0;
  private savedAtMs = 0;
  private readonly saveEveryMs: number;
  private saveAfterMs: number;
  private isPrepared = false;

  constructor(private readonly parts: AlertSinkParts) {
    this.saveEveryMs = parts.saveEveryMs ?? 60_000;
    this.saveAfterMs = this.saveEveryMs;
  }

  async send(
    events: readonly RecordedEvent[],
    signal: AbortSignal,
    acknowledge: (number: number) => Promise<void>,
    onUnreadable: OnUnreadable,
  ): Promise<void> {
    const [first] = events;
    if (first !== undefined) await this.prepare(first.number - 1, signal);
    const { receiver } = this.parts;
    await this.find(events, signal, (alert) => receiver.add(alert), onUnreadable);
    const tellProgress = (): Promise<void> => acknowledge((receiver.oldestWaiting ?? this.foundUpTo + 1) - 1);
    try {
      await receiver.deliver(signal, tellProgress);
    } finally {
      await tellProgress();
    }
    if (performance.now() - this.savedAtMs >= this.saveAfterMs) await this.save();
  }

  close(): Promise<void> {
    return this.save();
  }

  /** Learns what was there before the cursor; nobody gets an alert of it. */
  private async prepare(cursor: number, signal: AbortSignal): Promise<void> {
    if (this.isPrepared) return;
    const { stateFile, finder, tail } = this.parts;
    // A start that was broken off goes on from where it was.
    if (this.foundUpTo === 0) this.foundUpTo = await stateFile.restore(finder, cursor);
    this.savedUpTo = this.foundUpTo;
    try {
      while (this.foundUpTo < cursor) {
        const events = await tail.read(this.foundUpTo, { ...learning, upTo: cursor });
        const last = events.at(-1);
        if (last === undefined) break;
        // Damage up to the cursor was told when it was read for the first time.
        await this.find(
          events,
          signal,
          () => undefined,
          () => undefined,
        );
      }
    } finally {
      tail.close();
    }
    this.isPrepared = true;
    if (this.foundUpTo > this.savedUpTo) await this.save();
  }

  /** Each event once: a batch whose alerts could not be delivered comes again. */
  private async find(
    events: readonly RecordedEvent[],
    signal: AbortSignal,
    onFound: AlertReceiver['add'],
    onUnreadable: OnUnreadable,
  ): Promise<void> {
    for (const [index, event] of events.entries()) {
      if (index % eventsPerTurn === eventsPerTurn - 1) await nextTurn();
      signal.throwIfAborted();
      if (event.number <= this.foundUpTo) continue;
      this.take(event, onUnreadable).forEach(onFound);
      this.foundUpTo = event.number;
    }
  }

  /** A damaged line has no alert in it, and keeps nobody from those behind it. */
  private take(event: RecordedEvent, onUnreadable: OnUnreadable): WaitingAlert[] {
    try {
      return this.parts.finder.take(event);
    } catch {
      onUnreadable(event.number);
      return [];
    }
  }

  /** Only of a moment at which nothing waits: a state must not know alerts that the cursor does not. */
  private async save(): Promise<void> {
    const { receiver, stateFile, finder } = this.parts;
    if (receiver.oldestWaiting !== undefined || this.foundUpTo === this.savedUpTo) return;
    const beganAtMs = performance.now();
    await stateFile.write(finder, this.foundUpTo);
    [this.savedUpTo, this.savedAtMs] = [this.foundUpTo, performance.now()];
    this.saveAfterMs = Math.max(this.saveEveryMs, (this.savedAtMs - beganAtMs) * savingShare);
  }
}
