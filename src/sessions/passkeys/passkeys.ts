import { createHash } from 'node:crypto';
import { describeChange, type ChangeOrigin } from '../../audit/audit-event.js';
import { AppError, notFound, ReturnCode } from '../../errors.js';
import { maySeeOf, type Authority } from '../../keys/makers/authority.js';
import { generateSessionId } from '../../secrets/generated-secret.js';
import type { Pepper } from '../../secrets/pepper.js';
import type { Change, Changes } from '../../storage/changes.js';
import type { User } from '../../users/user.js';
import type { Users } from '../../users/users.js';
import type { Session } from '../session.js';
import { LoginRefusal, type Sessions } from '../sessions.js';
import { isCloned, mostPasskeys, tooMany, type Passkey } from './passkey.js';
import { PasskeyChallenges } from './passkey-challenges.js';
import type { PasskeyStore } from './passkey-store.js';
import { WebAuthn, type Assertion, type Attestation, type RelyingParty } from './web-authn.js';

export interface PasskeysParts {
  store: PasskeyStore;
  users: Users;
  sessions: Sessions;
  changes: Changes;
  pepper: Pepper;
  /** Where passkeys are good for. */
  relyingParty: RelyingParty;
  rootUser: string;
  now?: () => number;
}

/** A passkey that has answered, for the change that begins the session. */
export interface ProvedPasskey {
  user: string;
  confirm: (change: Change, user: User) => Promise<void>;
}

/** What can be done with passkeys. Each verb is one change. */
export class Passkeys {
  private readonly now: () => number;
  private readonly challenges: PasskeyChallenges;
  private readonly webAuthn: WebAuthn;

  constructor(private readonly parts: PasskeysParts) {
    this.now = parts.now ?? Date.now;
    this.challenges = new PasskeyChallenges(parts.pepper, this.now);
    this.webAuthn = new WebAuthn(parts.relyingParty);
  }

  list(user: string | undefined): Promise<Passkey[]> {
    return this.parts.store.list(user);
  }

  /** What a browser needs to make a passkey for the user of that session. */
  async enrolmentOptions({ id, user, userCreatedAtMs }: Session): Promise<object> {
    const known = await this.parts.store.list(user);
    if (known.length >= mostPasskeys) throw tooMany();
    const handle = this.parts.pepper.userHandle(user, userCreatedAtMs);
    return this.webAuthn.enrolmentOptions(this.challenges.make(`enrol ${id}`), { user, handle }, known);
  }

  /**
   * @throws AppError 2 (it is no answer to a challenge of this session), 4 (it is here already), 8 (too many), 10 (the
   *   session has ended meanwhile)
   */
  async enrol(
    session: Session,
    name: string,
    attestation: Attestation,
    origin: ChangeOrigin,
  ): Promise<Passkey> {
    const { store, users, sessions, changes } = this.parts;
    const challenge = this.answered(`enrol ${session.id}`);
    const credential = await this.webAuthn.verifyEnrolment(attestation, challenge.isGood);
    return changes.run(async (change) => {
      const { trx } = change;
      const user = await users.find(session.user, trx);
      const goesOn = await sessions.goesOn(session.id, trx);
      if (user?.createdAtMs !== session.userCreatedAtMs || !goesOn)
        throw new AppError(ReturnCode.FORBIDDEN, 'the session that runs this has ended meanwhile');
      if ((await store.list(user.name, trx)).length >= mostPasskeys) throw tooMany();
      const passkey: Passkey = {
        ...{
          ...credential,
          id: generateSessionId(),
          name,
          user: user.name,
          userCreatedAtMs: user.createdAtMs,
        },
        ...{ createdAtMs: this.now(), lastUsedAtMs: undefined },
      };
      const isNew = (await challenge.useUp(change)) && (await store.insert(trx, passkey));
      if (!isNew) throw new AppError(ReturnCode.EXISTS, 'this passkey is enrolled already');
      change.record(describeChange(origin, targetOf(passkey)));
      return passkey;
    });
  }

  /** What a browser needs to log somebody in. It names nobody: the passkey says whose it is. */
  loginOptions(): Promise<object> {
    return this.webAuthn.loginOptions(this.challenges.make('log-in'));
  }

  /** @returns whose it is; undefined: it is nobody's, or no answer to a challenge of this service */
  async prove(assertion: Assertion): Promise<ProvedPasskey | undefined> {
    const { store } = this.parts;
    const passkey = await store.findByCredential(assertion.id);
    if (passkey === undefined) return undefined;
    const challenge = this.answered('log-in');
    const counter = await this.webAuthn.verifyLogin(assertion, passkey, challenge.isGood);
    if (counter === undefined) return undefined;
    const confirm = async (change: Change, user: User): Promise<void> => {
      const now = await store.find(passkey.id, change.trx);
      const isStillHis = now !== undefined && now.userCreatedAtMs === user.createdAtMs;
      if (!isStillHis || !(await challenge.useUp(change))) throw new LoginRefusal('secret_mismatch');
      if (isCloned(now.counter, counter)) throw new LoginRefusal('passkey_cloned');
      await store.keepUse(change.trx, now.id, counter, this.now());
    };
    return { user: passkey.user, confirm };
  }

  /** @throws AppError 3 (none, or none that the authority may see), 10 (the root user's, and beyond the authority) */
  async delete(id: string, authority: Authority, origin: ChangeOrigin): Promise<void> {
    const { store, changes, rootUser } = this.parts;
    await changes.run(async (change) => {
      const passkey = await store.find(id, change.trx);
      if (passkey === undefined || !maySeeOf(authority, passkey.user)) throw notFound(`passkey ${id}`);
      // It is the root user's way in.
      if (passkey.user === rootUser && authority !== 'everything')
        throw new AppError(
          ReturnCode.FORBIDDEN,
          'a key with permissions can not change how the root user logs in',
        );
      await store.delete(change.trx, id);
      change.record(describeChange(origin, targetOf(passkey)));
    });
  }

  /** The challenge of one answer: whether it counts, and that it does so once. */
  private answered(purpose: Parameters<PasskeyChallenges['make']>[0]) {
    let answered: { digest: string; endsAtMs: number } | undefined;
    return {
      isGood: (text: string): boolean => {
        const endsAtMs = this.challenges.endOf(purpose, text);
        const digest = createHash('sha256').update(text).digest('base64url');
        answered = endsAtMs === undefined ? undefined : { digest, endsAtMs };
        return answered !== undefined;
      },
      useUp: async ({ trx }: Change): Promise<boolean> =>
        answered !== undefined && this.parts.store.keepAnswered(trx, answered.digest, answered.endsAtMs),
    };
  }
}

function targetOf({ id, user, name }: Passkey): Record<string, string> {
  return { passkeyId: id, user, name };
}
