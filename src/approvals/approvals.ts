import { randomBytes } from 'node:crypto';
import { describeChange, type Actor, type ChangeOrigin } from '../audit/audit-event.js';
import { AppError, ReturnCode } from '../errors.js';
import type { Pepper } from '../secrets/pepper.js';
import type { ApprovalGate, Change, Changes, WideningChange } from '../storage/changes.js';
import type { Transaction } from '../storage/database.js';
import type { Users } from '../users/users.js';
import { approvalLifeMs, ApprovalRequired, noSuchApproval, toldTarget } from './approval.js';
import type { Approval, ApprovalKind } from './approval.js';
import type { ApprovalStore } from './approval-store.js';
import { exactText } from './exact-text.js';
import { forbidden, personOf, type PersonRules } from './persons.js';

/** More changes of one person do not wait at the same time. */
const mostOfPerson = 50;
/** Clocks of nodes may differ by that much. */
const clockSlackMs = 60_000;

export interface ApprovalsParts extends PersonRules {
  store: ApprovalStore;
  changes: Changes;
  users: Pick<Users, 'find' | 'isAdministrator'>;
  pepper: Pepper;
  rootUser: string;
  /** Whether widening changes wait (HEARTHKEY_APPROVALS=2). */
  isOn: boolean;
  now?: () => number;
}

/** What is to be kept of a change that nobody has approved. */
type Wanted = Omit<Approval, 'id' | 'requestedAtMs' | 'approvedBy' | 'approver' | 'endsAtMs'>;

/** Takes a change back that nobody has approved. */
class NotApproved extends AppError {
  constructor(readonly wanted: Wanted) {
    super(ReturnCode.FORBIDDEN, 'a second person has to approve this change');
  }
}

/**
 * Two persons for what widens the most. A change asks within its own transaction whether it was approved, so an
 * approval counts for exactly that change, once, over all adapters and nodes (docs/adr/0023).
 */
export class Approvals implements ApprovalGate {
  private readonly now: () => number;

  constructor(private readonly parts: ApprovalsParts) {
    this.now = parts.now ?? Date.now;
  }

  get isOn(): boolean {
    return this.parts.isOn;
  }

  /** What waits, and what was approved and is not made yet; the newest first. */
  async list(): Promise<Approval[]> {
    return this.parts.store.list(this.now());
  }

  /** Whether changes wait here, and that user may be the second person. */
  async mayApprove(user: string): Promise<boolean> {
    return this.parts.isOn && !this.parts.hasPanel && this.isAdministrator(user);
  }

  /** @throws AppError 10: only the root user and administrators look at what waits */
  async requireMayLook(actor: Actor): Promise<void> {
    if (actor.kind === 'operator') return;
    await this.requireAdministrator('user' in actor ? (actor.user ?? '') : '');
  }

  async requireApproved(change: Change, widening: WideningChange): Promise<void> {
    const { store, isOn, rootUser } = this.parts;
    const origin = widening.origin as ChangeOrigin;
    if (!isOn || (origin.actor.kind === 'service' && widening.isBySettings !== true)) return;
    const { role } = widening;
    if (role !== undefined && !(await store.hasKeyWith(rootUser, role, change.trx))) return;
    const person = widening.isBySettings === true ? '' : personOf(origin.actor, this.parts);
    if (person !== '' && person === widening.owner) return;
    const roles = await store.sharedRoles(widening.sharedRoles ?? [], change.trx);
    const wanted = this.wantedOf(widening, person, roles);
    const found = await store.findByHash(wanted.changeHash, change.trx);
    if (found?.approvedBy === undefined || !(await this.counts(found, wanted, change.trx)))
      throw new NotApproved(wanted);
    if (widening.isNotAll === true) return;
    await store.delete(change.trx, found.id);
    const told = { approval: found.id, kind: found.kind, approvedBy: found.approvedBy, done: 'yes' };
    change.record(describeChange(origin, told));
  }

  /** Keeps what was refused, so that somebody can approve it; asked for again, it has the same ID. */
  async afterRefusal(refusal: AppError): Promise<AppError> {
    if (!(refusal instanceof NotApproved)) return refusal;
    const { wanted } = refusal;
    return new ApprovalRequired(await this.parts.changes.run((change) => this.keep(wanted, change)));
  }

  /**
   * @returns what is approved
   * @throws AppError 3 (nothing waits by that ID), 4 (it was approved already), 10 (the same person, a key, or somebody
   *   who is no administrator)
   */
  async approve(id: string, origin: ChangeOrigin): Promise<Approval> {
    return this.parts.changes.run(async (change) => {
      const found = await this.find(id, change.trx);
      const person = await this.requireApprover(origin.actor, change.trx);
      if (found.requestedBy === person)
        throw forbidden(`${person} has asked for this change: another person has to approve it`);
      if (found.approvedBy !== undefined)
        throw new AppError(ReturnCode.EXISTS, `${found.approvedBy} has approved this change already`);
      const approved = await this.approvedBy(person, found, origin, change.trx);
      const told = { approval: id, kind: found.kind, requestedBy: approved.requestedBy };
      const by = approved.approvedBy === undefined ? {} : { approvedBy: person };
      change.record(describeChange(origin, { ...told, ...by }));
      return approved;
    });
  }

  /**
   * Takes a change off the list, approved or not. Who asked for it may do so too.
   *
   * @throws AppError 3, 10 (a key, somebody who is no administrator)
   */
  async reject(id: string, origin: ChangeOrigin): Promise<Approval> {
    return this.parts.changes.run(async (change) => {
      const found = await this.find(id, change.trx);
      const isOwn = personOf(origin.actor, this.parts) === found.requestedBy;
      if (!isOwn) await this.requireApprover(origin.actor, change.trx);
      await this.parts.store.delete(change.trx, id);
      change.record(describeChange(origin, { approval: id, kind: found.kind, rejected: 'yes' }));
      return found;
    });
  }

  private wantedOf(
    { kind, origin, target, exact, endsAtMs }: WideningChange,
    requestedBy: string,
    roles: readonly unknown[],
  ): Wanted {
    const { actor: requester, command = '' } = origin as ChangeOrigin;
    const compared = endsAtMs === undefined ? target : { ...target, expires: undefined };
    return {
      ...{ kind: kind as ApprovalKind, requestedBy, requester, command, madeEndsAtMs: endsAtMs },
      changeHash: this.parts.pepper.changeHash(
        exactText([kind, requestedBy && [requestedBy], compared, exact, roles]),
      ),
      target,
    };
  }

  private async find(id: string, trx: Transaction): Promise<Approval> {
    const found = await this.parts.store.find(id, trx);
    if (found === undefined || found.endsAtMs <= this.now()) throw noSuchApproval(id);
    return found;
  }

  private async keep(wanted: Wanted, change: Change): Promise<string> {
    const { store } = this.parts;
    const nowMs = this.now();
    await store.deleteEnded(change.trx, nowMs);
    const found = await store.findByHash(wanted.changeHash, change.trx);
    if (found !== undefined) {
      if (found.approvedBy === undefined && isSameEnd(found, wanted, nowMs)) return found.id;
      // Approved it was refused all the same: its end is another one, or who approved it may do so no more.
      await store.delete(change.trx, found.id);
    }
    const { requester: actor, command, kind, target, requestedBy } = wanted;
    if ((await store.countOf(requestedBy, change.trx)) >= mostOfPerson)
      throw new AppError(
        ReturnCode.LIMIT,
        `${String(mostOfPerson)} changes of ${requestedBy} wait for a second person: v-reject-change takes one back`,
      );
    const id = randomBytes(8).toString('hex');
    const times = { requestedAtMs: nowMs, endsAtMs: nowMs + approvalLifeMs };
    await store.insert(change.trx, { ...wanted, id, ...times, approvedBy: undefined, approver: undefined });
    // As one text: an event that has the fields of the change would be read as one of a change that was made.
    const told = { approval: id, kind, requested: toldTarget(target), requestedBy };
    change.record(describeChange({ actor, command }, told));
    return id;
  }

  /** Of what settings ask for the first person stands for who has changed them. */
  private async approvedBy(
    person: string,
    found: Approval,
    { actor }: ChangeOrigin,
    trx: Transaction,
  ): Promise<Approval> {
    const { store } = this.parts;
    if (found.requestedBy === '') {
      await store.setRequestedBy(trx, found.id, person);
      return { ...found, requestedBy: person };
    }
    const approved = { approvedBy: person, approver: actor, endsAtMs: this.now() + approvalLifeMs };
    await store.setApproved(trx, found.id, approved);
    return { ...found, ...approved };
  }

  /** Whether an approval counts for the change as it is wanted now. */
  private async counts(found: Approval, wanted: Wanted, trx: Transaction): Promise<boolean> {
    const { approvedBy, approver, endsAtMs } = found;
    const nowMs = this.now();
    if (approvedBy === undefined || approver === undefined || endsAtMs <= nowMs) return false;
    if (wanted.requestedBy === approvedBy || !isSameEnd(found, wanted, nowMs)) return false;
    return approver.kind === 'operator' || this.isAdministrator(approvedBy, trx);
  }

  /** @returns the person */
  private async requireApprover(actor: Actor, trx: Transaction): Promise<string> {
    const person = personOf(actor, this.parts);
    if (actor.kind !== 'operator') await this.requireAdministrator(person, trx);
    else if ((await this.parts.users.find(person, trx))?.isSuspended === true)
      throw forbidden(`user ${person} is suspended`);
    return person;
  }

  private async requireAdministrator(person: string, trx?: Transaction): Promise<void> {
    if (await this.isAdministrator(person, trx)) return;
    throw forbidden('only the root user and administrators approve changes');
  }

  private async isAdministrator(name: string, trx?: Transaction): Promise<boolean> {
    const { users } = this.parts;
    const user = await users.find(name, trx);
    return user?.isSuspended === false && users.isAdministrator(user);
  }
}

/** An end that was given as a span lies as much later as the approval has taken. */
function isSameEnd(
  { madeEndsAtMs: before, requestedAtMs }: Approval,
  { madeEndsAtMs: wanted }: Wanted,
  nowMs: number,
): boolean {
  if (typeof before !== 'number' || typeof wanted !== 'number') return before === wanted;
  const later = wanted - before;
  return later >= 0 && later <= nowMs - requestedAtMs + clockSlackMs;
}
