import type { AlertType } from '../../config/alert-types.js';
import type { DenyReason } from '../../errors.js';
import { parseAddress } from '../../network/address-range.js';
import { accessKeyIdPattern } from '../../text/names.js';
import type { Actor, AuditEvent } from '../audit-event.js';
import type { RecordedEvent } from '../sinks/sink.js';
import { alertId, type AlertData, type WaitingAlert } from './alert.js';
import { DenialBursts } from './denial-bursts.js';
import { HourlyLimit } from './hourly-limit.js';
import { sourceOfDenials } from './network-of-client.js';
import { Novelties } from './novelties.js';

/** Denials that are not the client's doing. */
const ownReasons: ReadonlySet<DenyReason | undefined> = new Set<DenyReason>([
  ...(['store_unavailable', 'audit_unavailable', 'overloaded', 'read_only'] as const),
]);

/** Events of type `alert`, by what they are called in the record. Others are for the record alone. */
const recordedAlerts: Readonly<Record<string, AlertType>> = {
  replaced_secret_used: 'key.replaced_secret_used',
  canary_used: 'key.canary_used',
  key_expires_soon: 'key.ends_soon',
  new_finding: 'doctor.finding',
  changed_outside: 'store.changed_outside',
  node_key_changed: 'node.audit_key_changed',
};

/** Stands for the address where there were too many to count each (failure-sums.ts). */
const several = '*';

/** Nobody waits for the results of commands: they are passed over unread. A JSON text can't have these bytes in it. */
const resultMark = '"type":"result"';

/** Alerts of one type about one key, and of denials of addresses, within an hour. */
const mostInAnHour = 20;

export interface AlertFinderOptions {
  chain: string;
  types: ReadonlySet<AlertType>;
  denials: number;
}

/** Reads the record event by event, in its order, and tells what somebody should look at. */
export class AlertFinder {
  readonly hours = new HourlyLimit(mostInAnHour);
  readonly novelties = new Novelties(this.hours);
  readonly burstsOfKeys: DenialBursts;
  readonly burstsOfAddresses: DenialBursts;

  constructor(private readonly options: AlertFinderOptions) {
    this.burstsOfKeys = new DenialBursts(options.denials);
    this.burstsOfAddresses = new DenialBursts(options.denials);
  }

  /** @throws Error where the line is no event */
  take({ number, line }: RecordedEvent): WaitingAlert[] {
    if (line.includes(resultMark)) return [];
    const event = JSON.parse(line) as AuditEvent;
    this.novelties.noteTime(Date.parse(event.time));
    const found: WaitingAlert[] = [];
    const tell = (type: AlertType, about: Record<string, unknown>): void => {
      if (!this.options.types.has(type)) return;
      const { chain } = this.options;
      const data = { chain, event: number, ...commonData(event), ...about };
      found.push({ number, id: alertId(chain, number, type), type, timestamp: event.time, data });
    };
    if (event.type === 'decision') this.takeDecision(event, tell);
    else if (event.type === 'change') this.takeChange(event, tell);
    else if (event.type === 'alert') takeAlert(event, tell);
    return found;
  }

  private takeDecision(event: AuditEvent, tell: Tell): void {
    // A gateway claims an address for a use, from an address of its own; others only ask about a key.
    const { addressClaimedBy } = event;
    if (addressClaimedBy !== undefined && parseAddress(addressClaimedBy) === undefined) return;
    if (event.outcome === 'deny') this.takeDenial(event, tell);
    if (event.outcome === 'allow')
      for (const { type, about } of this.novelties.take(event)) tell(type, about);
  }

  private takeDenial({ actor, clientAddress = '', reason, time, count = 1 }: AuditEvent, tell: Tell): void {
    if (ownReasons.has(reason)) return;
    const atMs = Date.parse(time);
    const isKey = actor.kind === 'access_key' && accessKeyIdPattern.test(actor.accessKeyId);
    const ofKey = isKey ? this.burstsOfKeys.note(actor.accessKeyId, atMs, count) : undefined;
    const source = clientAddress === several ? several : sourceOfDenials(clientAddress);
    const ofSource = source === undefined ? undefined : this.burstsOfAddresses.note(source, atMs, count);
    if (ofKey === undefined && ofSource === undefined) return;
    const bySource = source === several ? 'addresses' : 'address';
    const of = ofKey === undefined ? bySource : ofSource === undefined ? 'key' : 'both';
    // Keys are not without end, addresses are.
    const note = ofKey === undefined ? this.hours.note('denials of addresses', atMs) : {};
    const denials = Math.max(ofKey ?? 0, ofSource ?? 0);
    if (note !== undefined) tell('denials.burst', { of, denials, withinSeconds: 60, reason, ...note });
  }

  private takeChange({ target = {}, command = '', time }: AuditEvent, tell: Tell): void {
    const { accessKeyId, legacyKeyId, made, widened, removed, user = '' } = target;
    if (accessKeyId !== undefined && (deletesKeys.has(command) || removed !== undefined)) {
      this.novelties.uses.forget(accessKeyId);
      return;
    }
    const { approval, requested, requestedBy, kind } = target;
    if (approval !== undefined && requested !== undefined)
      tell('approval.requested', { approval, kind, change: requested, requestedBy });
    if (command === 'v-delete-user') this.novelties.uses.forgetUser(user);
    const { permissions, comment, expires, allowedAddresses, rateLimit, quota, only, madeBy } = target;
    const limits = { permissions, expires, allowedAddresses, rateLimit, quota, only };
    if (made !== undefined) {
      if (accessKeyId !== undefined) this.novelties.made(accessKeyId, user, Date.parse(time));
      tell('key.made', { accessKeyId, legacyKeyId, user: target['user'], ...limits, comment, madeBy });
    }
    if (widened !== undefined)
      tell('key.widened', { accessKeyId, user: target['user'], widened: widened.split(','), ...limits });
  }
}

type Tell = (type: AlertType, about: Record<string, unknown>) => void;

/** Events of these about a key say that it is gone; one that has ended is `removed`. */
const deletesKeys: ReadonlySet<string> = new Set([
  ...['v-delete-access-key', 'v-delete-access-keys', 'v-delete-user', 'v-revoke-secret'],
]);

function takeAlert({ alert, target = {} }: AuditEvent, tell: Tell): void {
  const type = recordedAlerts[alert ?? ''];
  // Of the ends of keys only those are told that say how near they are.
  if (type === undefined || (type === 'key.ends_soon' && target['notice'] === undefined)) return;
  tell(type, target);
}

/** What every alert says of who did it, and from where. */
function commonData({ actor, clientAddress, addressClaimedBy, command }: AuditEvent): Partial<AlertData> {
  return {
    actor: nameActor(actor),
    ...(actor.kind === 'access_key' && { accessKeyId: actor.accessKeyId }),
    ...('user' in actor && { user: actor.user }),
    ...(clientAddress !== undefined && clientAddress !== '' && { clientAddress }),
    ...(addressClaimedBy !== undefined && { addressClaimedBy }),
    ...(command !== undefined && { command }),
  };
}

function nameActor(actor: Actor): string {
  if (actor.kind === 'operator') return `operator ${actor.sudoUser ?? actor.unixUser ?? ''}`.trimEnd();
  return actor.kind;
}
