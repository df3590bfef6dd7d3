import type { ChangeOrigin } from '../../audit/audit-event.js';
import type { LeakedSecret } from '../../keys/leaks/leaked-secret.js';
import type { LeakAnswers, RevokeLeaked } from '../../keys/leaks/revoke-leaked.js';
import type { LookUp } from '../../keys/leaks/secret-finder.js';
import type { ClientAddress } from '../../network/client-address.js';
import type { Deny } from '../access-request.js';
import type { FailureLimits } from './failure-limits.js';

/**
 * Answers questions about leaks, over the network too: a secret that is no key's counts as a failed attempt of the
 * client's address, so that nobody guesses faster here than at a login.
 */
export class AnswerLeak {
  constructor(
    private readonly leaks: RevokeLeaked,
    private readonly failureLimits: FailureLimits,
  ) {}

  /**
   * Deletes the keys of these secrets.
   *
   * @param signal - aborted when nobody waits for the answer any more
   * @returns a denial where none of them was a key's, and there were too many such; else an answer for each, in their
   *   order
   */
  async revoke(
    leaked: readonly LeakedSecret[],
    client: ClientAddress,
    origin: ChangeOrigin,
    signal: AbortSignal,
  ): Promise<LeakAnswers | Deny> {
    return this.limited(await this.leaks.revoke(leaked, origin, signal), client);
  }

  /** The same, but nothing is changed. */
  async look(
    leaked: readonly LeakedSecret[],
    client: ClientAddress,
    look: LookUp,
  ): Promise<LeakAnswers | Deny> {
    return this.limited(await this.leaks.look(leaked, look), client);
  }

  /** Keys whose secrets can't be found by the secret alone. */
  async countWithoutTag(): Promise<{ accessKeys: number; legacyKeys: number }> {
    return this.leaks.countWithoutTag();
  }

  private limited(answers: LeakAnswers, client: ClientAddress): LeakAnswers | Deny {
    const unknown = answers.items.filter(({ owner }) => owner.kind === 'none');
    const refusals = unknown.map(() => this.failureLimits.refuse({ client }, undefined));
    const refusal = refusals.find((one) => one !== undefined);
    return refusal !== undefined && unknown.length === answers.items.length ? refusal : answers;
  }
}
