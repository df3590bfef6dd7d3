import { randomUUID } from 'node:crypto';
import type { Actor, NewAuditEvent } from './audit-event.js';
import type { LoginOutcome } from './auth-log.js';
import { formatInstant } from './times.js';

/** What attempts are summed within, from the first of them on. */
const windowMs = 1000;
/** fail2ban's rules count up to `maxretry` lines, usually 3 to 10; a flood needs no more of them in a second. */
const loginLinesPerSum = 10;
/** Names that nobody has can be made up without end: so many of one address stand alone, then they are counted. */
const madeUpNamesPerAddress = 16;
/** A flood from more addresses than that in one second is counted without them. */
const maxSums = 4096;
/** The same for one that lasts: so many new ones a second, some 10 GB of the record in a day. */
const lastingSumsPerSecond = 128;
/** Stands for several, where a name or an address would be. */
const several = '*';
/** Reasons that are found only for credentials that exist, which are not without end. */
const aboutExisting: ReadonlySet<string> = new Set([
  'secret_mismatch',
  'secret_replaced',
  'too_many_attempts',
]);

interface Sum {
  event: NewAuditEvent;
  /** Those that are not in the record yet. */
  count: number;
  loginLines: number;
}

/** What the sums are recorded in. */
export interface Recorder {
  readonly unavailableSinceMs: number | undefined;
  append(event: NewAuditEvent, login?: LoginOutcome): Promise<void>;
  addLogin(login: LoginOutcome): void;
  endOfTurn(): Promise<void>;
}

/**
 * Failed attempts, of clients who could not prove who they are: the first of an address, key and reason is recorded
 * before it is answered, as everything is; the rest of that second becomes one event with their number, so that a
 * flood can't fill the disk.
 */
export class FailureSums {
  private readonly sums = new Map<string, Sum>();
  private readonly namesOfAddress = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  /** How many may be begun; it grows with the time. */
  private room = maxSums;
  private roomAtMs: number;

  constructor(
    private readonly recorder: Recorder,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {
    this.roomAtMs = monotonicMs();
  }

  /** @returns when the attempt is in the record, or counted for it; rejects when nothing can be recorded */
  append(event: NewAuditEvent, login?: LoginOutcome): Promise<void> {
    const key = keyOf(event);
    const sum = this.sums.get(key);
    if (sum !== undefined) return this.add(sum, event, login);
    if (this.hasRoom(event)) return this.begin(key, event, login);
    const folded = fold(event, this.room >= 1);
    const foldedKey = keyOf(folded);
    const foldedSum = this.sums.get(foldedKey);
    if (foldedSum !== undefined) return this.add(foldedSum, folded, login);
    return this.begin(foldedKey, folded, login);
  }

  /** Records what is counted so far; at the end of each second, and of the process. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const { event, count } of this.sums.values()) {
      // Where this can't be recorded, the log has told why, and how much it has not recorded.
      if (count > 0)
        this.recorder
          .append({ ...event, id: randomUUID(), time: formatInstant(Date.now()), count })
          .catch(() => undefined);
    }
    this.sums.clear();
    this.namesOfAddress.clear();
  }

  private begin(key: string, event: NewAuditEvent, login: LoginOutcome | undefined): Promise<void> {
    this.sums.set(key, { event, count: 0, loginLines: 1 });
    this.room = Math.max(0, this.room - 1);
    this.timer ??= setTimeout(() => this.flush(), windowMs).unref();
    return this.recorder.append(event, login);
  }

  private add(sum: Sum, event: NewAuditEvent, login: LoginOutcome | undefined): Promise<void> {
    // It counts as denied for that reason, and is refused with it.
    if (this.recorder.unavailableSinceMs !== undefined) return this.recorder.append(event);
    sum.count++;
    if (sum.event.command !== event.command) sum.event = withoutCommand(sum.event);
    if (login !== undefined && sum.loginLines++ < loginLinesPerSum) this.recorder.addLogin(login);
    // Answers that go out together cost a fraction of answers that go out one by one.
    return this.recorder.endOfTurn();
  }

  private refill(): void {
    const nowMs = this.monotonicMs();
    this.room = Math.min(maxSums, this.room + ((nowMs - this.roomAtMs) / 1000) * lastingSumsPerSecond);
    this.roomAtMs = nowMs;
  }

  private hasRoom({ reason, clientAddress = '', addressClaimedBy }: NewAuditEvent): boolean {
    this.refill();
    if (this.room < 1) return false;
    if (reason !== undefined && aboutExisting.has(reason)) return true;
    // An address that is only claimed uses up nothing of the address itself.
    const from = addressClaimedBy === undefined ? clientAddress : `${clientAddress} by ${addressClaimedBy}`;
    const names = this.namesOfAddress.get(from) ?? 0;
    this.namesOfAddress.set(from, names + 1);
    return names < madeUpNamesPerAddress;
  }
}

function keyOf({ actor, clientAddress, addressClaimedBy, reason }: NewAuditEvent): string {
  return JSON.stringify([actor, clientAddress, addressClaimedBy, reason]);
}

/** The same without the name that was tried, and without the address where even those are too many. */
function fold({ actor, ...event }: NewAuditEvent, keepsAddress: boolean): NewAuditEvent {
  const folded: NewAuditEvent = { ...event, actor: withoutName(actor) };
  return keepsAddress ? folded : { ...folded, clientAddress: several };
}

function withoutName(actor: Actor): Actor {
  if (actor.kind === 'access_key') return { kind: 'access_key', accessKeyId: several };
  return actor.kind === 'password' ? { kind: 'password', user: several } : actor;
}

function withoutCommand(event: NewAuditEvent): NewAuditEvent {
  const { ...rest } = event;
  delete rest.command;
  return rest;
}
