import { setImmediate as nextTurn } from 'node:timers/promises';

/** An event as it stands in the record: one line without its end, and its number. */
export interface RecordedEvent {
  number: number;
  line: string;
}

/** Called with the number of an event that can't be read. */
export type OnUnreadable = (number: number) => void;

/** A receiver of events. */
export interface Sink {
  /**
   * Sends the events in their order. A sink that holds some back for a while is called again with no events.
   *
   * @param onUnreadable - to be called with the number of an event whose line is damaged: it is passed over
   * @param acknowledge - to be called when the receiver has everything up to a number
   * @throws Error when it is not known to have all of them; some may have arrived
   */
  send(
    events: readonly RecordedEvent[],
    signal: AbortSignal,
    acknowledge: (number: number) => Promise<void>,
    onUnreadable: OnUnreadable,
  ): Promise<void>;
  /** Nothing is sent any more. */
  close?(): Promise<void>;
}

/** Acknowledges all of a batch that a receiver takes or refuses as a whole. */
export async function acknowledgeAll(
  events: readonly RecordedEvent[],
  acknowledge: (number: number) => Promise<void>,
): Promise<void> {
  const last = events.at(-1);
  if (last !== undefined) await acknowledge(last.number);
}

/** So many events are written out before other work gets its turn. */
const eventsPerTurn = 100;

/**
 * A batch as it goes over the wire. Decisions have their turn in between, however long it is. An event that can't be
 * written is passed over: it would keep all later ones from the receiver.
 */
export async function encodeBatch(
  events: readonly RecordedEvent[],
  encode: (event: RecordedEvent) => string,
  onUnreadable: OnUnreadable,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  const encodeOne = (event: RecordedEvent): string => {
    try {
      return encode(event);
    } catch {
      onUnreadable(event.number);
      return '';
    }
  };
  for (let begin = 0; begin < events.length; begin += eventsPerTurn) {
    const slice = events.slice(begin, begin + eventsPerTurn);
    parts.push(Buffer.from(slice.map(encodeOne).join('')));
    await nextTurn();
  }
  return Buffer.concat(parts);
}

/** How an event is written for a receiver: one line of JSON without its end. */
export type FormatEvent = (event: RecordedEvent) => string;

/** The members of a line that a syslog header or OCSF needs; the rest is passed on. */
export interface EventFields {
  id?: string;
  time?: string;
  type?: string;
  outcome?: string;
  actor?: { kind?: string; user?: string; accessKeyId?: string; sessionId?: string; sudoUser?: string };
  clientAddress?: string;
  addressClaimedBy?: string;
  command?: string;
  args?: readonly string[];
  reason?: string;
  code?: number;
  target?: Readonly<Record<string, string>>;
  note?: string;
  alert?: string;
  count?: number;
  trial?: readonly (object | string)[];
}

/** @param chain - which record it is from: with the number, it names the event among those of all nodes */
export function jsonFormat(chain: string): FormatEvent {
  const begin = `{"chain":${JSON.stringify(chain)},`;
  return ({ line }) => `${begin}${line.slice(1)}`;
}
