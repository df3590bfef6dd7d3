import { RecentMap } from './recent-map.js';

/** Of one key; when there are more the one that was used least recently is forgotten, and would be new again. */
const maxNetworks = 256;
const maxCommands = 1024;
/** Of all keys: each counts as `keyWeight`, and each of its networks and commands as one. */
const maxWeight = 4_000_000;
const keyWeight = 4;
/** Texts of which one copy is kept. */
const maxTexts = 50_000;

interface Seen {
  user: string;
  /** The record has the event that it was made: nothing that it did is unknown. */
  isMade: boolean;
  /** What was used last comes last. */
  networks: string[];
  commands: string[];
}

/** What a key has been used for, as it is written down. */
export type SeenUse = readonly [
  accessKeyId: string,
  user: string,
  isMade: boolean,
  networks: readonly string[],
  commands: readonly string[],
];

export interface Use {
  accessKeyId: string;
  user: string;
  network: string | undefined;
  command: string | undefined;
}

export interface Novelty {
  isNewNetwork: boolean;
  isNewCommand: boolean;
  /** The key was never used before. */
  isFirstUse: boolean;
  isMade: boolean;
}

/** From which networks each key was used, and with which commands: to tell the first time from all others. */
export class SeenUses {
  private readonly keys = new RecentMap<Seen>(
    maxWeight,
    ({ networks, commands }) => keyWeight + networks.length + commands.length,
  );
  /** Users who were deleted, and whose keys are still there. */
  private readonly goneUsers = new Set<string>();
  /** The same few texts stand at many keys: one copy of each is kept. */
  private readonly texts = new Map<string, string>();

  note({ accessKeyId, user, network, command }: Use): Novelty {
    // Somebody has that name again.
    if (this.goneUsers.has(user)) this.dropGone();
    const seen = this.keys.use(accessKeyId) ?? this.begin(accessKeyId, user, false);
    const isFirstUse = seen.networks.length === 0 && seen.commands.length === 0;
    const isNewNetwork = network !== undefined && this.add(seen.networks, network, maxNetworks);
    const isNewCommand = command !== undefined && this.add(seen.commands, command, maxCommands);
    return { isNewNetwork, isNewCommand, isFirstUse, isMade: seen.isMade };
  }

  /** A key that was made just now, or taken over again. */
  made(accessKeyId: string, user: string): void {
    const seen = this.keys.use(accessKeyId) ?? this.begin(accessKeyId, user, true);
    seen.isMade = true;
  }

  /** A key that was deleted. */
  forget(accessKeyId: string): void {
    this.keys.delete(accessKeyId);
  }

  /** A user who was deleted, and all of his keys with him. They are looked for when the state is written down. */
  forgetUser(user: string): void {
    this.goneUsers.add(user);
  }

  get size(): number {
    return this.keys.size;
  }

  *entries(): Generator<SeenUse> {
    this.dropGone();
    for (const [id, { user, isMade, networks, commands }] of this.keys.entries())
      yield [id, user, isMade, networks, commands];
  }

  restore([accessKeyId, user, isMade, networks, commands]: SeenUse): void {
    const seen = {
      user: this.kept(user),
      isMade,
      networks: networks.map(this.kept),
      commands: commands.map(this.kept),
    };
    this.keys.set(accessKeyId, seen);
  }

  private begin(accessKeyId: string, user: string, isMade: boolean): Seen {
    const seen: Seen = { user: this.kept(user), isMade, networks: [], commands: [] };
    this.keys.set(accessKeyId, seen);
    return seen;
  }

  private add(texts: string[], text: string, most: number): boolean {
    const place = texts.lastIndexOf(text);
    if (place !== -1) {
      if (place < texts.length - 1) texts.push(...texts.splice(place, 1));
      return false;
    }
    texts.push(this.kept(text));
    if (texts.length > most) texts.shift();
    else this.keys.grew(1);
    return true;
  }

  private dropGone(): void {
    if (this.goneUsers.size === 0) return;
    for (const [id, { user }] of this.keys.entries()) if (this.goneUsers.has(user)) this.keys.delete(id);
    this.goneUsers.clear();
  }

  private readonly kept = (text: string): string => {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    if (this.texts.size >= maxTexts) this.texts.clear();
    this.texts.set(text, text);
    return text;
  };
}
