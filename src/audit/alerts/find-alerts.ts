import type { AlertType } from '../../config/alert-types.js';
import type { DenyReason } from '../../errors.js';
import {
  formatAddress,
  formatAddressRange,
  parseAddress,
  parseAddressRange,
} from '../../network/address-range.js';
import { accessKeyIdPattern } from '../../text/names.js';
import type { Actor, AuditEvent } from '../audit-event.js';
import type { RecordedEvent } from '../sinks/sink.js';
import { alertId, type AlertData, type WaitingAlert } from './alert.js';
import { DenialBursts } from './denial-bursts.js';
import { SeenUses } from './seen-uses.js';

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

/** Nobody waits for the results of commands: they are passed over unread. A JSON text can't have these bytes in it. */
const resultMark = '"type":"result"';

/** Networks that one client moves within: a /24 of IPv4, a /64 of IPv6. */
export function networkOfClient(clientAddress: string): string | undefined {
  const address = parseAddress(clientAddress);
  if (address === undefined) return undefined;
  const range = parseAddressRange(`${formatAddress(address)}/${address.kind() === 'ipv4' ? '24' : '64'}`);
  return range && formatAddressRange(range);
}

export interface AlertFinderOptions {
  chain: string;
  types: ReadonlySet<AlertType>;
  denials: number;
}

/** Reads the record event by event, in its order, and tells what somebody should look at. */
export class AlertFinder {
  readonly uses = new SeenUses();
  readonly bursts: DenialBursts;

  constructor(private readonly options: AlertFinderOptions) {
    this.bursts = new DenialBursts(options.denials);
  }

  take({ number, line }: RecordedEvent): WaitingAlert[] {
    if (line.includes(resultMark)) return [];
    const event = JSON.parse(line) as AuditEvent;
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
    const { actor, clientAddress = '', command, addressClaimedBy } = event;
    // A gateway claims an address for a use, from an address of its own; others only ask about a key.
    if (addressClaimedBy !== undefined && parseAddress(addressClaimedBy) === undefined) return;
    if (event.outcome === 'deny') this.takeDenial(event, tell);
    if (event.outcome !== 'allow' || actor.kind !== 'access_key') return;
    const network = networkOfClient(clientAddress);
    const novelty = this.uses.note(actor.accessKeyId, network, command);
    const first = novelty.isFirstUse ? { isFirstUse: true } : {};
    if (novelty.isNewNetwork) tell('key.new_network', { network, ...first });
    if (novelty.isNewCommand) tell('key.new_command', first);
  }

  private takeDenial({ actor, clientAddress = '', reason, time, count = 1 }: AuditEvent, tell: Tell): void {
    if (ownReasons.has(reason)) return;
    const atMs = Date.parse(time);
    const isKey = actor.kind === 'access_key' && accessKeyIdPattern.test(actor.accessKeyId);
    const ofKey = isKey ? this.bursts.note(`key ${actor.accessKeyId}`, atMs, count) : undefined;
    const isAddress = parseAddress(clientAddress) !== undefined;
    const ofAddress = isAddress ? this.bursts.note(`address ${clientAddress}`, atMs, count) : undefined;
    if (ofKey === undefined && ofAddress === undefined) return;
    const of =
      ofKey !== undefined && ofAddress !== undefined ? 'both' : ofKey !== undefined ? 'key' : 'address';
    tell('denials.burst', { of, denials: Math.max(ofKey ?? 0, ofAddress ?? 0), withinSeconds: 60, reason });
  }

  private takeChange({ target = {}, command }: AuditEvent, tell: Tell): void {
    const { accessKeyId, legacyKeyId, made, widened } = target;
    if (accessKeyId !== undefined && command !== undefined && deletesKeys.has(command)) {
      this.uses.forget(accessKeyId);
      return;
    }
    if (made !== undefined) {
      const { permissions, comment, expires, allowedAddresses, rateLimit, madeBy } = target;
      const limits = { permissions, comment, expires, allowedAddresses, rateLimit, madeBy };
      tell('key.made', { accessKeyId, legacyKeyId, user: target['user'], ...limits });
    }
    if (widened !== undefined) {
      const { permissions, expires, allowedAddresses, rateLimit } = target;
      const limits = { permissions, expires, allowedAddresses, rateLimit };
      tell('key.widened', { accessKeyId, user: target['user'], widened: widened.split(','), ...limits });
    }
  }
}

type Tell = (type: AlertType, about: Record<string, unknown>) => void;

const deletesKeys: ReadonlySet<string> = new Set([
  ...['v-delete-access-key', 'v-delete-access-keys', 'v-delete-user'],
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
