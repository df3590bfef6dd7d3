import { describeChange, type ChangeOrigin } from '../audit/audit-event.js';
import { invalidFormat } from '../errors.js';
import { parseAddressRange, type AddressRange } from '../network/address-range.js';
import type { Change, Changes } from '../storage/changes.js';
import { trimWhiteSpace } from '../text/white-space.js';
import type { AllowListStore } from './allow-list-store.js';
import { allowAll, AllowList, anyAddress, normaliseEntry, splitEntries } from './allow-list.js';

/** Whether a list may become so; throws where not. */
export type CheckAllowList = (after: AllowList, change: Change) => Promise<void>;

/** An entry as it is kept, and whether the list is another one now. */
export interface ChangedEntry {
  entry: string;
  isChanged: boolean;
}

const allowed: CheckAllowList = () => Promise.resolve();

/** Changes API_ALLOWED_IP, one entry or the whole list, each in one step. */
export class ChangeAllowList {
  constructor(
    private readonly store: AllowListStore,
    private readonly changes: Changes,
  ) {}

  async list(): Promise<string[]> {
    return this.store.list();
  }

  /** Whether entries have come with a move-in: that list was made under other rules. */
  async isTakenOver(): Promise<boolean> {
    return this.store.isTakenOver();
  }

  /** An entry that is there already is no error. */
  async add(text: string, origin: ChangeOrigin, { isTakenOver = false } = {}): Promise<ChangedEntry> {
    const entry = parseEntry(text);
    return this.changes.run(async (change) => {
      if (isTakenOver) await this.store.setTakenOver(change.trx);
      else await this.requireApproved([entry], change, origin);
      const isChanged = await this.store.add(change.trx, entry, change.number);
      change.touch('settings', '');
      change.record(describeChange(origin, { address: entry }));
      return { entry, isChanged };
    });
  }

  /**
   * An entry that isn't there is no error; another spelling of an entry is that entry.
   *
   * @param check - asked within the change what the list would be, and may throw
   */
  async delete(text: string, origin: ChangeOrigin, check: CheckAllowList = allowed): Promise<ChangedEntry> {
    const entry = parseEntry(text);
    return this.changes.run(async (change) => {
      const isChanged = await this.store.delete(change.trx, entry);
      await check(await this.listWithin(change), change);
      change.touch('settings', '');
      change.record(describeChange(origin, { address: entry }));
      return { entry, isChanged };
    });
  }

  /** The list as it is in that change. */
  async listWithin({ trx }: Change): Promise<AllowList> {
    return new AllowList(await this.store.list(trx));
  }

  /**
   * Empties the list as part of a larger change, which records it.
   *
   * @returns what was in it
   */
  async clearWithin(change: Change): Promise<string[]> {
    const entries = await this.store.list(change.trx);
    if (entries.length > 0) await this.store.noteEmptied(change.trx, entries);
    await this.store.replaceAll(change.trx, [], change.number);
    return entries;
  }

  /**
   * Lets a second person approve entries that let everybody in, or nearly so, and that are not there yet.
   *
   * @param isWhole - what is not among the entries goes
   */
  private async requireApproved(
    entries: readonly string[],
    change: Change,
    origin: ChangeOrigin,
    isWhole = false,
  ): Promise<void> {
    if (!change.needsApproval) return;
    const present = new Set(await this.store.list(change.trx));
    const added = entries.filter((entry) => !present.has(entry));
    if (!opens(added, isWhole ? entries.filter((entry) => present.has(entry)) : [...present])) return;
    const target = { address: added.join(',') };
    await change.requireApproved({ kind: 'allow_list', origin, target, exact: entries });
  }

  /** What was in the list when it was emptied last, as one text; empty where it never was. */
  async emptied(): Promise<string> {
    return this.store.emptied();
  }

  /** @param check - as in `delete` */
  async replaceAll(text: string, origin: ChangeOrigin, check: CheckAllowList = allowed): Promise<string[]> {
    const entries = [...new Set(splitEntries(text).map(parseEntry))];
    await this.changes.run(async (change) => {
      await check(new AllowList(entries), change);
      await this.requireApproved(entries, change, origin, true);
      await this.store.replaceAll(change.trx, entries, change.number);
      change.touch('settings', '');
      change.record(describeChange(origin, { API_ALLOWED_IP: entries.join(',') }));
    });
    return entries;
  }
}

/** A /8 of IPv4, a /16 of IPv6: entries together that let more in are for a second person. */
const mostLetIn = [8, 16] as const;
/** A site of one client is no trifle less: entries that are no larger never wait. */
const siteLength = [24, 48] as const;

/** Whether entries let everybody in, or nearly so, together with those that stay. */
function opens(added: readonly string[], staying: readonly string[]): boolean {
  const isAll = (entry: string): boolean => entry === allowAll || entry === anyAddress;
  if (staying.includes(allowAll)) return false;
  if (added.some(isAll)) return true;
  const [before, wider] = [staying, added].map((list) => list.map(parseAddressRange).filter(isRange));
  const large = wider?.filter((range) => range.prefixLength < siteLength[familyOf(range)]) ?? [];
  return large.some((range) => {
    const family = familyOf(range);
    const all = [...(before ?? []), ...large].filter((each) => familyOf(each) === family);
    return all.reduce((part, { prefixLength }) => part + 2 ** -prefixLength, 0) > 2 ** -mostLetIn[family];
  });
}

const isRange = (range: AddressRange | undefined): range is AddressRange => range !== undefined;
const familyOf = ({ network }: AddressRange): 0 | 1 => (network.kind() === 'ipv4' ? 0 : 1);

function parseEntry(text: string): string {
  const entry = normaliseEntry(trimWhiteSpace(text));
  if (entry === undefined) throw invalidFormat('IP', text);
  return entry;
}
