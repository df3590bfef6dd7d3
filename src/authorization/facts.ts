import { AllowList } from '../allowlist/allow-list.js';
import type { AllowListStore } from '../allowlist/allow-list-store.js';
import type { AccessKey, StoredSecret } from '../keys/access-key.js';
import type { AccessKeyStore } from '../keys/access-key-store.js';
import type { SettingStore } from '../settings/setting-store.js';
import { interpretSettings, type Settings } from '../settings/settings.js';
import { readChangeNumber, type AppliedChange } from '../storage/changes.js';
import type { Database, Transaction } from '../storage/database.js';
import { readAtOneMoment } from '../storage/read-at-one-moment.js';
import type { HestiaUsers } from '../users/hestia-users.js';
import type { UserDirectory } from '../users/user-directory.js';

export interface Switches {
  settings: Settings;
  allowList: AllowList;
}

type StoredKey = AccessKey & StoredSecret;

/** What the facts say of one key at one moment; `key` and `owner` are undefined where there is no such thing. */
export interface FactsView {
  /** The newest change that these facts know of: see `isCurrent`. */
  number: number;
  switches: Switches;
  key: StoredKey | undefined;
  owner: { isSuspended: boolean } | undefined;
}

export interface FactStores {
  db: Database;
  keys: AccessKeyStore;
  users: UserDirectory;
  /** Where a panel on this machine supplies the users: they are looked at there, live. */
  panelUsers?: HestiaUsers | undefined;
  settings: SettingStore;
  allowList: AllowListStore;
}

/**
 * The facts that decisions depend on, in memory: the switches always, keys and their owners as they are asked for.
 * A change takes what it touched out of here before it returns, so no later decision sees an older fact.
 */
export class Facts {
  private switches: Switches | undefined;
  private readonly keys = new Map<string, StoredKey>();
  private readonly owners = new Map<string, { isSuspended: boolean }>();
  /** The number of the newest change that was applied here. */
  private appliedNumber = 0;

  constructor(
    private readonly stores: FactStores,
    private readonly limit = 100_000,
  ) {}

  apply(change: AppliedChange): void {
    this.appliedNumber = Math.max(this.appliedNumber, change.number);
    for (const { kind, id } of change.touched) {
      if (kind === 'access_key') this.keys.delete(id);
      else if (kind === 'user') this.forgetUser(id);
      else this.switches = undefined;
    }
  }

  /** @returns undefined when something has to be loaded first */
  view(keyId: string): FactsView | undefined {
    const key = this.keys.get(keyId);
    if (this.switches === undefined || key === undefined) return undefined;
    const { panelUsers } = this.stores;
    const owner = panelUsers === undefined ? this.owners.get(key.user) : panelUsers.look(key.user);
    if (owner === undefined && panelUsers === undefined) return undefined;
    return { number: this.appliedNumber, switches: this.switches, key, owner };
  }

  /**
   * Whether no change was applied since these facts were read. Ask it in the same step as the decision: between
   * the end of a load and the code that waited for it another step may have applied one.
   */
  isCurrent(view: { number: number }): boolean {
    return view.number >= this.appliedNumber;
  }

  async loadSwitches(): Promise<Switches> {
    while (this.switches === undefined) {
      const loaded = await this.read(async (trx) => ({
        settings: interpretSettings(await this.stores.settings.all(trx)),
        allowList: new AllowList(await this.stores.allowList.list(trx)),
      }));
      if (this.isCurrent(loaded)) this.switches = loaded.result;
    }
    return this.switches;
  }

  /**
   * Loads what is missing of a key. What isn't in the store (an unknown key, an owner who is gone) is answered from
   * this one reading and not kept.
   */
  async load(keyId: string): Promise<FactsView> {
    const { number, switches, result } = await this.readWithSwitches(async (trx) => {
      const key = await this.stores.keys.findWithSecret(keyId, trx);
      const directory: UserDirectory = this.stores.panelUsers ?? this.stores.users;
      const user = key && (await directory.find(key.user, trx));
      return { key, owner: user && { isSuspended: user.isSuspended } };
    });
    const { key, owner } = result;
    if (this.isCurrent({ number })) {
      if (key !== undefined) keep(this.keys, key.id, key, this.limit);
      if (key !== undefined && owner !== undefined) keep(this.owners, key.user, owner, this.limit);
    }
    return { number, switches, key, owner };
  }

  private forgetUser(name: string): void {
    this.owners.delete(name);
    this.stores.panelUsers?.forget(name);
  }

  /** Reads what isn't kept here, at one moment of the store, together with the switches of that moment. */
  async readWithSwitches<T>(
    work: (trx: Transaction) => Promise<T>,
  ): Promise<{ number: number; switches: Switches; result: T }> {
    for (;;) {
      const switches = await this.loadSwitches();
      const { number, result } = await this.read(work);
      // The switches may have changed while the rest was read.
      if (this.isCurrent({ number }) && this.switches === switches) return { number, switches, result };
    }
  }

  /** Reads at one moment of the store, and which change was the newest at that moment. */
  private async read<T>(work: (trx: Transaction) => Promise<T>): Promise<{ number: number; result: T }> {
    return readAtOneMoment(this.stores.db, async (trx) => ({
      number: await readChangeNumber(trx),
      result: await work(trx),
    }));
  }
}

function keep<T>(map: Map<string, T>, id: string, value: T, limit: number): void {
  if (map.size >= limit) {
    for (const oldest of map.keys()) {
      map.delete(oldest);
      break;
    }
  }
  map.set(id, value);
}
