import type { AccessKey } from '../access-key.js';
import type { AccessKeyStore } from '../access-key-store.js';
import type { KeyUse, KeyUseStore } from '../usage/key-use-store.js';
import { KeyUses } from '../usage/key-uses.js';

/** A canary that somebody has used since it was made, or was given its present secret. */
export interface UsedCanary extends KeyUse {
  key: AccessKey;
}

/** The newest use of each canary, written as the last use of other keys is; and how many there were on this node. */
export class CanaryUses {
  count = 0;
  private readonly uses: KeyUses;

  constructor(
    private readonly store: KeyUseStore,
    private readonly keys: Pick<AccessKeyStore, 'findMany'>,
    onError: (error: unknown) => void,
  ) {
    this.uses = new KeyUses(store, onError);
  }

  /** @param version - of its present secret, which alone is told of; undefined: it was one that it had before */
  note(
    keyId: string,
    version: string | undefined,
    { usedAtMs, clientAddress, command }: Omit<KeyUse, 'version'>,
  ): void {
    this.count++;
    if (version !== undefined) this.uses.note(keyId, usedAtMs, clientAddress, command, version);
  }

  /** The newest first; what was noted just now is among them. */
  async list(): Promise<UsedCanary[]> {
    await this.flush();
    const uses = await this.store.list();
    if (uses.size === 0) return [];
    const keys = await this.keys.findMany([...uses.keys()]);
    const used = keys.flatMap((key) => {
      const use = uses.get(key.id);
      return use === undefined || key.isCanary !== true ? [] : [{ key, ...use }];
    });
    return used.sort((one, other) => other.usedAtMs - one.usedAtMs);
  }

  flush(): Promise<void> {
    return this.uses.flush();
  }
}
