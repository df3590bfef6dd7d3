import { AllowList } from '../../allowlist/allow-list.js';
import type { AllowListStore } from '../../allowlist/allow-list-store.js';
import type { ApiStore } from '../../apis/api-store.js';
import { readSharedRoles } from '../../apis/shared-roles.js';
import type { StoredKey } from '../../keys/access-key.js';
import type { AccessKeyStore } from '../../keys/access-key-store.js';
import type { SettingStore } from '../../settings/setting-store.js';
import { interpretSettings } from '../../settings/settings.js';
import { readWithMakers } from '../../keys/makers/maker-store.js';
import { makersOf, noMakers } from '../../keys/makers/makers.js';
import { detachString } from '../../text/names.js';
import { BatchLoader } from '../../concurrency/batch-loader.js';
import { readChangeNumber } from '../../storage/changes.js';
import type { Database, Transaction } from '../../storage/database.js';
import { readAtOneMoment } from '../../storage/read-at-one-moment.js';
import { InOneProcess, type AppliedChange, type Settling } from '../../storage/cluster/settling.js';
import type { TreeKeys } from '../../keys/tree/tree-keys.js';
import type { OwnerFacts } from './decision-facts.js';
import { readAdministrators, readOwners, type OwnerSources } from './read-owners.js';
import type { FactsVersion, FactsView, Switches } from './facts-view.js';

export type { FactsVersion, FactsView, Switches } from './facts-view.js';

export interface FactStores extends OwnerSources {
  db: Database;
  keys: AccessKeyStore;
  /** The same of access keys that were taken over from its tree. */
  treeKeys?: TreeKeys | undefined;
  /** Undefined: one process owns the data. */
  settling?: Settling;
  settings: SettingStore;
  allowList: AllowListStore;
  /** Where several nodes share a database. */
  apis?: ApiStore | undefined;
}

/** When there are more, they are begun anew. */
const keptAbsent = 10_000;

/**
 * The facts that decisions depend on, in memory: the switches always, keys and their owners as they are asked for.
 * A change takes what it touched out of here before it returns, so no later decision sees an older fact.
 */
export class Facts {
  private switches: Switches | undefined;
  private readonly keys = new Map<string, StoredKey>();
  private readonly owners = new Map<string, OwnerFacts>();
  /** IDs that no key has: what goes on asking with a deleted key, or guesses, costs no reading each time. */
  private readonly absent = new Set<string>();
  /** The number of the newest change that was applied here. */
  private applied: FactsVersion = { number: 0, epoch: 0 };
  private readonly settling: Settling;
  private switchesUnderWay: Promise<Switches> | undefined;
  private readonly views = new BatchLoader((keyIds) => this.loadAll(keyIds));

  constructor(
    private readonly stores: FactStores,
    private readonly limit = 100_000,
  ) {
    this.settling = stores.settling ?? new InOneProcess();
  }

  apply(change: AppliedChange): void {
    this.applied = { ...this.applied, number: Math.max(this.applied.number, change.number) };
    for (const { kind, id } of change.touched) {
      if (kind === 'access_key') {
        this.keys.delete(id);
        this.absent.delete(id);
      } else if (kind === 'user') this.forgetUser(id);
      else this.switches = undefined;
    }
  }

  /** Forgets everything; what is being read now counts no more, either. */
  reset(number: number): void {
    this.applied = { number, epoch: this.applied.epoch + 1 };
    this.switches = undefined;
    this.keys.clear();
    this.absent.clear();
    this.owners.clear();
  }

  /** Undefined when they have to be loaded first. */
  get knownSwitches(): Switches | undefined {
    return this.switches;
  }

  /** @returns undefined when something has to be loaded first */
  view(keyId: string): FactsView | undefined {
    const key = this.keys.get(keyId);
    if (this.switches === undefined) return undefined;
    if (key === undefined) {
      if (!this.absent.has(keyId)) return undefined;
      return { version: this.applied, switches: this.switches, key, makers: noMakers, owner: undefined };
    }
    const { panelUsers } = this.stores;
    const owner = panelUsers === undefined ? this.owners.get(key.user) : panelUsers.look(key.user);
    if (owner === undefined && panelUsers === undefined) return undefined;
    const makers = makersOf(key, (id) => {
      const maker = this.keys.get(id);
      if (maker !== undefined) return this.asInTree(maker);
      return this.absent.has(id) ? undefined : 'unknown';
    });
    if (makers === undefined) return undefined;
    return { version: this.applied, switches: this.switches, key: this.asInTree(key), makers, owner };
  }

  /** Whether a key of that ID is among those that were asked for of late. */
  knowsKey(keyId: string): boolean {
    return this.keys.has(keyId);
  }

  /**
   * Whether no change was applied since these facts were read. Ask it in the same step as the decision: between
   * the end of a load and the code that waited for it another step may have applied one.
   */
  isCurrent({ version }: { version: FactsVersion }): boolean {
    return version.number >= this.applied.number && version.epoch === this.applied.epoch;
  }

  /**
   * The other half of the last look: whether this node may rely on what it has applied.
   *
   * @returns the clock reading for which it may: the time of the decision; undefined: it has to renew its lease first
   */
  checkLease(): number | undefined {
    return this.settling.checkLease();
  }

  /** @throws AppError 17 when there is no lease to be had */
  async renewLease(): Promise<void> {
    await this.settling.renewLease();
  }

  async loadSwitches(): Promise<Switches> {
    if (this.switches !== undefined) return this.switches;
    // One reading for all who wait: of a busy node that may be hundreds.
    this.switchesUnderWay ??= this.readSwitches().finally(() => (this.switchesUnderWay = undefined));
    return this.switchesUnderWay;
  }

  private async readSwitches(): Promise<Switches> {
    while (this.switches === undefined) {
      const loaded = await this.read(async (trx) => ({
        settings: interpretSettings(await this.stores.settings.all(trx)),
        allowList: new AllowList(await this.stores.allowList.list(trx)),
        sharedRoles: this.stores.apis && readSharedRoles(await this.stores.apis.all(trx)),
        isAdministrator: await readAdministrators(this.stores, trx),
      }));
      if (this.isCurrent(loaded)) this.switches = loaded.result;
    }
    return this.switches;
  }

  /** Loads what is missing of a key. An owner who isn't in the store is answered from this one reading and not kept. */
  async load(keyId: string): Promise<FactsView> {
    return this.views.ask(keyId);
  }

  private async loadAll(keyIds: readonly string[]): Promise<(keyId: string) => FactsView> {
    const { version, switches, result } = await this.readWithSwitches(async (trx) => {
      const keys = await readWithMakers(this.stores.keys, keyIds, trx);
      return { keys, owners: await readOwners(this.stores, keys, trx) };
    });
    const keys = new Map(result.keys.map((key) => [key.id, key]));
    if (this.isCurrent({ version })) {
      for (const key of keys.values()) {
        keep(this.keys, key.id, key, this.limit);
        const owner = result.owners.get(key.user);
        if (owner !== undefined) keep(this.owners, key.user, owner, this.limit);
      }
      const makerIds = result.keys.flatMap(({ makerId = [] }) => makerId);
      for (const id of [...keyIds, ...makerIds]) if (!keys.has(id)) this.keepAbsent(id);
    }
    const ofTree = (id: string): StoredKey | undefined => {
      const found = keys.get(id);
      return found && this.asInTree(found);
    };
    return (keyId) => {
      const key = ofTree(keyId);
      const makers = (key && makersOf(key, ofTree)) ?? noMakers;
      return { version, switches, key, makers, owner: key && result.owners.get(key.user) };
    };
  }

  /** A key of a live tree is refused while its file is not there, also before the watch for such keys comes by. */
  private asInTree(key: StoredKey): StoredKey {
    return this.stores.treeKeys?.permits(key) === false ? { ...key, isSuspended: true } : key;
  }

  private keepAbsent(id: string): void {
    if (this.absent.size >= keptAbsent) this.absent.clear();
    this.absent.add(detachString(id));
  }

  private forgetUser(name: string): void {
    this.owners.delete(name);
    this.stores.panelUsers?.forget(name);
  }

  /** Reads what isn't kept here, at one moment of the store, together with the switches of that moment. */
  async readWithSwitches<T>(
    work: (trx: Transaction) => Promise<T>,
  ): Promise<{ version: FactsVersion; switches: Switches; result: T }> {
    for (;;) {
      const switches = await this.loadSwitches();
      const { version, result } = await this.read(work);
      // The switches may have changed while the rest was read.
      if (this.isCurrent({ version }) && this.switches === switches) return { version, switches, result };
    }
  }

  /** Reads at one moment of the store, and which change was the newest at that moment. */
  private async read<T>(
    work: (trx: Transaction) => Promise<T>,
  ): Promise<{ version: FactsVersion; result: T }> {
    const { epoch } = this.applied;
    return readAtOneMoment(this.stores.db, async (trx) => ({
      version: { number: await readChangeNumber(trx), epoch },
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
