import { protectionRule, type ProtectedUsers } from '../../users/protected-users.js';
import type { RecordedDecision } from './decision-line.js';
import { PeakMeter } from './peak-meter.js';

/** How often a key was allowed a command. */
export interface CommandUse {
  count: number;
  lastMs: number;
}

/** What a key was allowed. */
export interface KeyUse {
  commands: Map<string, CommandUse>;
  /** Commands that it ran on the root user or an administrator, which no restricted key may. */
  protectedCommands: Set<string>;
  /** Commands that it ran on more than itself. */
  beyondItself: Set<string>;
  allowed: number;
  lastMs: number;
}

/** Where a key, and those that it made, came from, and how often: its limits count for all of them. */
export interface FamilyUse {
  /** Undefined: too many, or one that the record doesn't name. */
  addresses: Set<string> | undefined;
  meter: PeakMeter;
}

type Args = readonly (string | undefined)[];

/** A key that replaces its own secret needs nothing for it but the command. */
const rotating = 'v-rotate-access-key';

/** More can't be made ranges of within a moment. */
const mostAddresses = 2000;

export interface TalliedKey {
  id: string;
  /** Keys that it made, and that those made. */
  made: readonly string[];
  /** Requests that a limit refused count as well: another limit may let them through. */
  countsRefused: boolean;
}

/** Adds up decisions, the oldest first; it keeps what grows with the keys and their commands, and no decision. */
export class UseTally {
  private readonly uses = new Map<string, KeyUse>();
  private readonly families = new Map<string, FamilyUse>();
  private readonly familiesOf = new Map<string, { family: FamilyUse; countsRefused: boolean }[]>();

  constructor(
    keys: readonly TalliedKey[],
    private readonly users: ProtectedUsers,
  ) {
    for (const { id, made, countsRefused } of keys) {
      const family: FamilyUse = { addresses: new Set(), meter: new PeakMeter() };
      this.families.set(id, family);
      for (const member of [id, ...made]) {
        const families = this.familiesOf.get(member) ?? [];
        families.push({ family, countsRefused });
        this.familiesOf.set(member, families);
      }
    }
  }

  /** The keys whose decisions are asked for. */
  get keyIds(): readonly string[] {
    return [...this.familiesOf.keys()];
  }

  has(keyId: string): boolean {
    return this.familiesOf.has(keyId);
  }

  /** @param readArgs - called only where the arguments can make a difference */
  add(decision: RecordedDecision, readArgs: () => Args | undefined): void {
    const { accessKeyId, timeMs, isAllowed, clientAddress, command, reason } = decision;
    const families = this.familiesOf.get(accessKeyId);
    if (families === undefined) return;
    for (const { family, countsRefused } of families) {
      if (countsRefused || reason !== 'rate_limited') family.meter.add(timeMs);
      if (isAllowed) addAddress(family, clientAddress);
    }
    if (!isAllowed) return;
    const use = this.useOf(accessKeyId);
    const known = use.commands.get(command);
    use.commands.set(command, { count: (known?.count ?? 0) + 1, lastMs: timeMs });
    use.allowed++;
    use.lastMs = timeMs;
    if (isProtected(command, readArgs, this.users)) use.protectedCommands.add(command);
    if (command !== rotating || readArgs()?.[0] !== accessKeyId) use.beyondItself.add(command);
  }

  useOf(keyId: string): KeyUse {
    const known = this.uses.get(keyId);
    if (known !== undefined) return known;
    const use: KeyUse = {
      ...{ commands: new Map(), protectedCommands: new Set(), beyondItself: new Set() },
      ...{ allowed: 0, lastMs: -Infinity },
    };
    this.uses.set(keyId, use);
    return use;
  }

  familyOf(keyId: string): FamilyUse {
    return this.families.get(keyId) ?? { addresses: new Set(), meter: new PeakMeter() };
  }
}

function isProtected(command: string, readArgs: () => Args | undefined, users: ProtectedUsers): boolean {
  if (protectionRule(command, [users.rootUser], users) === undefined) return false;
  return protectionRule(command, readArgs() ?? [], users) !== undefined;
}

function addAddress(family: FamilyUse, address: string): void {
  if (address === '') family.addresses = undefined;
  family.addresses?.add(address);
  if ((family.addresses?.size ?? 0) > mostAddresses) family.addresses = undefined;
}
