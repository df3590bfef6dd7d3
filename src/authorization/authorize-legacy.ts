import type { Actor } from '../audit/audit-event.js';
import type { AllowList } from '../allowlist/allow-list.js';
import type { LoginOutcome } from '../audit/auth-log.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { maskArguments } from '../catalogue/command-spec.js';
import type { DenyReason } from '../errors.js';
import type { LegacyKeyStore } from '../keys/legacy/legacy-key-store.js';
import type { LegacyKeys } from '../keys/legacy/legacy-keys.js';
import { maskUnknownName, userNamePattern } from '../text/names.js';
import type { Transaction } from '../storage/database.js';
import type { UserStore } from '../users/user-store.js';
import type { Users } from '../users/users.js';
import { deny, isTheClientsFault, type Deny } from './access-request.js';
import type { ClientAddress } from '../network/client-address.js';
import type { FailureLimits } from './limits/failure-limits.js';
import { denyForError, onceRecorded } from './failed-decision.js';
import type { Facts, Switches } from './facts/facts.js';
import type { PasswordVerifier } from './secrets/password-verifier.js';
import { legacyKeysGuardedId, type WeakKeyGuard } from './limits/weak-key-guard.js';

/** The root user's older ways in: an API key of 32 characters, or user and password. */
export type LegacyCredential =
  { kind: 'legacy_key'; key: string } | { kind: 'password'; user: string; password: string };

export interface LegacyRequest {
  /** As in an access request: at the gateway the switches and API_ALLOWED_IP count. */
  mode: 'enforce' | 'inspect';
  client: ClientAddress;
  /** As in an access request. */
  addressClaimedBy?: string;
  credential: LegacyCredential;
  /** What is to be run; for the audit alone, since these credentials may run every command. */
  command: string;
  args?: readonly (string | undefined)[];
}

export type LegacyDecision = { outcome: 'allow'; actor: Actor; decidedAtMs: number } | Deny;

export interface LegacyAuthorizerParts {
  facts: Facts;
  keys: LegacyKeys;
  keyStore: LegacyKeyStore;
  users: Users;
  passwordStore: UserStore;
  passwords: PasswordVerifier;
  weakKeyGuard: WeakKeyGuard;
  audit: AuditLog;
  catalogue: Pick<Catalogue, 'find'>;
  failureLimits: FailureLimits;
  rootUser: string;
  onError: (error: unknown) => void;
  /** Told of each decision as it is answered. */
  onDecided?: (decision: LegacyDecision, ms: number) => void;
}

/** What was proved, so that the last look can ask whether it still counts. */
type Proved = { legacyKeyId: string } | { passwordHash: string };

/** Those of a client who could not prove who he is; a user who isn't the root user answers as a wrong password does. */
const failedReasons: ReadonlySet<DenyReason> = new Set<DenyReason>([
  ...(['secret_mismatch', 'too_many_attempts', 'not_root_user'] as const),
]);

/** Decides about legacy credentials. Like `Authorizer`, it records before it answers and never throws. */
export class LegacyAuthorizer {
  constructor(private readonly parts: LegacyAuthorizerParts) {}

  async authorize(request: LegacyRequest): Promise<LegacyDecision> {
    const askedAtMs = performance.now();
    const decision = this.withFailureLimit(request, await this.decideAndRecord(request));
    this.parts.onDecided?.(decision, performance.now() - askedAtMs);
    return decision;
  }

  /** As for access keys: the record has why it failed, and a right credential is let through all the same. */
  private withFailureLimit(request: LegacyRequest, decision: LegacyDecision): LegacyDecision {
    if (request.mode !== 'enforce' || decision.outcome === 'allow' || !failedReasons.has(decision.reason))
      return decision;
    return this.parts.failureLimits.refuse(request, undefined) ?? decision;
  }

  private async decideAndRecord(request: LegacyRequest): Promise<LegacyDecision> {
    const decision = await this.decideSafely(request);
    return onceRecorded(decision, (made) => this.record(request, made));
  }

  private async decideSafely(request: LegacyRequest): Promise<LegacyDecision> {
    try {
      return await this.decide(request);
    } catch (error) {
      return denyForError(error, this.parts.onError);
    }
  }

  private async decide(request: LegacyRequest): Promise<LegacyDecision> {
    const { facts, rootUser } = this.parts;
    const admission = await facts.loadSwitches();
    const refusal = this.decideAdmission(request, admission);
    if (refusal !== undefined) return refusal;
    const proved = await this.prove(request, admission.allowList);
    if (typeof proved === 'string') return deny(proved);
    for (;;) {
      const read = await facts.readWithSwitches((trx) => this.readState(proved, trx));
      if (!facts.isCurrent(read)) continue;
      // From here to the decision nothing waits: this is the last look.
      const decidedAtMs = facts.checkLease();
      if (decidedAtMs === undefined) {
        await facts.renewLease();
        continue;
      }
      const { switches, result } = read;
      const changed = this.decideAdmission(request, switches);
      if (changed !== undefined) return changed;
      if (!result.stillCounts) return deny('secret_mismatch');
      if (result.isSuspended) return deny('user_suspended', rootUser);
      if (result.isLoginDisabled && request.credential.kind === 'password')
        return deny('login_disabled', rootUser);
      return { outcome: 'allow', actor: this.actorOf(request.credential, rootUser), decidedAtMs };
    }
  }

  /** What is asked before the secret. */
  private decideAdmission(request: LegacyRequest, { settings, allowList }: Switches): Deny | undefined {
    const { mode, client, credential } = request;
    if (mode === 'enforce' && !settings.isLegacyApiOn) return deny('api_disabled');
    if (mode === 'enforce' && !allowList.allows(client.address, client.text, 'legacy')) {
      return deny('address_not_allowed');
    }
    if (credential.kind === 'password' && credential.user !== this.parts.rootUser)
      return deny('not_root_user');
    return undefined;
  }

  private async prove(request: LegacyRequest, allowList: AllowList): Promise<Proved | DenyReason> {
    const { client, credential } = request;
    const { passwordStore, passwords } = this.parts;
    if (credential.kind === 'legacy_key') return this.proveKey(request, credential.key, allowList);
    const passwordHash = (await passwordStore.passwordHash(credential.user)) ?? undefined;
    if (passwordHash === undefined) return 'secret_mismatch';
    const isRight = await passwords.verify(credential.user, passwordHash, credential.password, client.text);
    return isRight ? { passwordHash } : 'secret_mismatch';
  }

  /** Where there are keys that can be guessed, and too many were tried, only the others are still compared. */
  private async proveKey(
    { client, mode }: LegacyRequest,
    secret: string,
    allowList: AllowList,
  ): Promise<Proved | DenyReason> {
    const { keys, weakKeyGuard } = this.parts;
    const isAddressClaimed = mode === 'inspect';
    const guarded = { guardedId: legacyKeysGuardedId, client, isAddressClaimed, secret, allowList };
    const isCounted = (await keys.hasWeak()) && !weakKeyGuard.isExempt(guarded);
    const attempt = isCounted ? await weakKeyGuard.admit(guarded) : undefined;
    const isClosed = isCounted && attempt === undefined;
    let key: { id: string } | undefined;
    try {
      key = await keys.find(secret, { exceptWeak: isClosed, address: client.text });
    } finally {
      await attempt?.end(key !== undefined);
    }
    return key === undefined ? (isClosed ? 'too_many_attempts' : 'secret_mismatch') : { legacyKeyId: key.id };
  }

  private async readState(proved: Proved, trx: Transaction) {
    const { users, passwordStore, keyStore, rootUser } = this.parts;
    const owner = await users.find(rootUser, trx);
    const stillCounts =
      'legacyKeyId' in proved
        ? await keyStore.exists(proved.legacyKeyId, trx)
        : (await passwordStore.passwordHash(rootUser, trx)) === proved.passwordHash;
    return {
      stillCounts: stillCounts && owner !== undefined,
      isSuspended: owner?.isSuspended === true,
      isLoginDisabled: owner?.isLoginDisabled === true,
    };
  }

  private async record(request: LegacyRequest, decision: LegacyDecision): Promise<void> {
    const { credential, client, addressClaimedBy, command } = request;
    const { audit, catalogue } = this.parts;
    const user = credential.kind === 'password' ? await this.writableUser(credential.user, decision) : '';
    const isAllowed = decision.outcome === 'allow';
    const spec = catalogue.find(command);
    // Of a client who couldn't prove who he is, what he sent is not kept.
    const isProved = isAllowed || decision.user !== undefined;
    const args = isProved && request.args !== undefined ? { args: maskArguments(spec, request.args) } : {};
    const event = {
      type: 'decision' as const,
      outcome: decision.outcome,
      actor: this.actorOf(credential, user),
      clientAddress: client.text,
      ...(addressClaimedBy === undefined ? {} : { addressClaimedBy }),
      command: spec?.name ?? maskUnknownName(command),
      ...args,
      ...(isAllowed ? { time: new Date(decision.decidedAtMs).toISOString() } : {}),
      ...(isAllowed ? {} : { reason: decision.reason, code: decision.code }),
    };
    const login: LoginOutcome | undefined =
      addressClaimedBy !== undefined || (!isAllowed && !isTheClientsFault(decision))
        ? undefined
        : {
            who: credential.kind === 'password' ? user : 'api',
            clientAddress: client.text,
            launched: isAllowed ? '' : undefined,
            isLogin: credential.kind === 'password',
          };
    await (isProved ? audit.append(event, login) : audit.appendFailure(event, login));
  }

  /**
   * The name as it may be written down: in full only where there is such a user. Who isn't let in at all costs no
   * reading of the store, so of those only the root user is known.
   */
  private async writableUser(name: string, decision: LegacyDecision): Promise<string> {
    const { rootUser, users } = this.parts;
    if (name === rootUser) return name;
    const isLetIn = decision.outcome === 'deny' && decision.reason === 'not_root_user';
    const isKnown = isLetIn && userNamePattern.test(name) && (await users.exists(name).catch(() => false));
    return isKnown ? name : maskUnknownName(name);
  }

  private actorOf(credential: LegacyCredential, user: string): Actor {
    if (credential.kind === 'legacy_key') return { kind: 'legacy_key', user: this.parts.rootUser };
    return { kind: 'password', user };
  }
}
