import type { AlertType } from '../../config/alert-types.js';
import type { AuditEvent } from '../audit-event.js';
import type { HourlyLimit } from './hourly-limit.js';
import { networkOfClient } from './network-of-client.js';
import { SeenUses } from './seen-uses.js';

/**
 * In a record that began less long ago, only the uses of keys whose making is in it are news: a node that is new knows
 * nothing of what all others were used for.
 */
const learningMs = 7 * 86_400_000;

export interface FoundNovelty {
  type: AlertType;
  about: Record<string, unknown>;
}

/** The first uses of keys from a network and of commands: which of them are worth an alert. */
export class Novelties {
  readonly uses = new SeenUses();
  /** The time of the oldest event that was taken in. */
  sinceMs = Infinity;

  constructor(private readonly hours: HourlyLimit) {}

  /** To be called with the time of every event. */
  noteTime(atMs: number): void {
    if (atMs < this.sinceMs) this.sinceMs = atMs;
  }

  /** A key that was made. Once enough of the record is known, this says nothing more of its uses. */
  made(accessKeyId: string, user: string, atMs: number): void {
    if (this.isLearning(atMs)) this.uses.made(accessKeyId, user);
  }

  /** @param event - a use that was allowed */
  take({ actor, clientAddress = '', command, time }: AuditEvent): FoundNovelty[] {
    if (actor.kind !== 'access_key') return [];
    const { accessKeyId, user = '' } = actor;
    const network = networkOfClient(clientAddress);
    const novelty = this.uses.note({ accessKeyId, user, network, command });
    const atMs = Date.parse(time);
    if (this.isLearning(atMs) && !novelty.isMade) return [];
    const first = novelty.isFirstUse ? { isFirstUse: true } : {};
    const found: FoundNovelty[] = [];
    const tell = (type: AlertType, about: Record<string, unknown>): void => {
      const note = this.hours.note(`${type} ${accessKeyId}`, atMs);
      if (note !== undefined) found.push({ type, about: { ...about, ...first, ...note } });
    };
    if (novelty.isNewNetwork) tell('key.new_network', { network });
    if (novelty.isNewCommand) tell('key.new_command', {});
    return found;
  }

  private isLearning(atMs: number): boolean {
    return atMs < this.sinceMs + learningMs;
  }
}
