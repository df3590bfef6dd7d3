import { createHash } from 'node:crypto';
import type { AllowList } from '../../allowlist/allow-list.js';
import type { WeakKeyStore } from '../../keys/legacy/weak-key-store.js';
import type { ClientAddress } from '../../network/client-address.js';

/** The panel that imported keys come from lets a secret be worked out in some thousand guesses: far fewer get through. */
export const weakKeyAttemptLimit = 10;

/** The imported legacy keys are one group: a wrong key is a guess at any of them. */
export const legacyKeysGuardedId = 'legacy keys';

export interface GuardedRequest {
  guardedId: string;
  client: ClientAddress;
  /** Whether the client's address is only what somebody says: then it opens nothing. */
  isAddressClaimed: boolean;
  secret: string;
  allowList: AllowList;
}

/** An attempt that may go on to the comparison. It counts as failed until it ends otherwise. */
export interface Attempt {
  readonly isOver: boolean;
  /** To be called when the comparison is made; a second call changes nothing. */
  end(isRight: boolean): Promise<void>;
}

/**
 * Stands before the comparison of secrets that came from elsewhere and can be guessed. Every attempt counts as failed
 * before it is compared, over all addresses and nodes; once the limit is reached only those addresses are heard that
 * sent the right secret before, or that API_ALLOWED_IP lists singly. Nothing but a new secret opens the key again.
 */
export class WeakKeyGuard {
  private readonly pending = new Map<string, Promise<Attempt | undefined>>();
  private readonly heard = new Set<string>();

  constructor(
    private readonly store: WeakKeyStore,
    private readonly limit = weakKeyAttemptLimit,
  ) {}

  /** Whether the request goes on uncounted, as far as is known without asking the store. */
  isExempt(request: GuardedRequest): boolean {
    if (request.isAddressClaimed) return false;
    return request.allowList.listsSingly(request.client.text) || this.heard.has(placeOf(request));
  }

  /**
   * Asks for one attempt and counts it. Requests with the same secret from one place share an attempt while it lasts:
   * they are one guess.
   *
   * @returns undefined when the key is closed to this address
   */
  async admit(request: GuardedRequest): Promise<Attempt | undefined> {
    const digest = createHash('sha256').update(request.secret).digest('base64');
    const name = `${placeOf(request)} ${String(request.isAddressClaimed)} ${digest}`;
    const running = this.pending.get(name);
    if (running !== undefined) return running;
    const attempt = this.count(request, () => this.pending.delete(name));
    this.pending.set(name, attempt);
    try {
      if ((await attempt) === undefined) this.pending.delete(name);
    } catch (error) {
      this.pending.delete(name);
      throw error;
    }
    return attempt;
  }

  /**
   * What the next right secret would meet, without counting an attempt.
   *
   * @param client - undefined: from anywhere; the key is then closed only to those it isn't known from
   */
  async precheck({
    guardedId,
    client,
    allowList,
  }: Pick<GuardedRequest, 'guardedId' | 'allowList'> & {
    client: ClientAddress | undefined;
  }): Promise<'heard' | 'closed' | 'somewhere'> {
    if ((await this.store.failedAttempts(guardedId)) < this.limit) return 'heard';
    if (client === undefined) return 'somewhere';
    if (client.text === '') return 'closed';
    const isKnown =
      allowList.listsSingly(client.text) || (await this.store.hasSucceeded(guardedId, client.text));
    return isKnown ? 'heard' : 'closed';
  }

  private async count(request: GuardedRequest, forget: () => void): Promise<Attempt | undefined> {
    const { guardedId, isAddressClaimed } = request;
    const address = isAddressClaimed ? '' : request.client.text;
    const isKnown = address !== '' && (await this.store.hasSucceeded(guardedId, address));
    if (!isKnown && !(await this.store.countAttempt(guardedId, this.limit))) return undefined;
    let ended: Promise<void> | undefined;
    const end = async (isRight: boolean): Promise<void> => {
      try {
        if (isRight && !isKnown) await this.store.keepSuccess(guardedId, address);
        if (isRight && address !== '') this.heard.add(placeOf(request));
      } finally {
        forget();
      }
    };
    return {
      get isOver() {
        return ended !== undefined;
      },
      end: (isRight) => (ended ??= end(isRight)),
    };
  }
}

function placeOf({ guardedId, client }: GuardedRequest): string {
  return `${guardedId} ${client.text}`;
}
