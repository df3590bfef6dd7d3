/** Of one key; when there are more the oldest is forgotten, and would be new again. */
const maxNetworks = 256;
const maxCommands = 1024;
/** When more keys are in use the one that was seen first is forgotten. */
const maxKeys = 500_000;

interface Seen {
  networks: string[];
  commands: string[];
}

/** What a key has been used for, as it is written down. */
export type SeenUse = readonly [
  accessKeyId: string,
  networks: readonly string[],
  commands: readonly string[],
];

export interface Novelty {
  isNewNetwork: boolean;
  isNewCommand: boolean;
  /** The key was never used before. */
  isFirstUse: boolean;
}

/** From which networks each key was used, and with which commands: to tell the first time from all others. */
export class SeenUses {
  private readonly keys = new Map<string, Seen>();
  /** The same few texts stand at many keys: one copy of each is kept. */
  private readonly texts = new Map<string, string>();

  note(accessKeyId: string, network: string | undefined, command: string | undefined): Novelty {
    const known = this.keys.get(accessKeyId);
    const seen = known ?? this.begin(accessKeyId);
    return {
      isNewNetwork: network !== undefined && this.add(seen.networks, network, maxNetworks),
      isNewCommand: command !== undefined && this.add(seen.commands, command, maxCommands),
      isFirstUse: known === undefined,
    };
  }

  /** A key that was deleted. */
  forget(accessKeyId: string): void {
    this.keys.delete(accessKeyId);
  }

  get size(): number {
    return this.keys.size;
  }

  *entries(): Generator<SeenUse> {
    for (const [id, { networks, commands }] of this.keys) yield [id, networks, commands];
  }

  restore([accessKeyId, networks, commands]: SeenUse): void {
    const seen = this.begin(accessKeyId);
    for (const network of networks) this.add(seen.networks, network, maxNetworks);
    for (const command of commands) this.add(seen.commands, command, maxCommands);
  }

  private begin(accessKeyId: string): Seen {
    const seen: Seen = { networks: [], commands: [] };
    this.keys.set(accessKeyId, seen);
    if (this.keys.size > maxKeys) for (const oldest of [...this.keys.keys()].slice(0, 1)) this.forget(oldest);
    return seen;
  }

  private add(texts: string[], text: string, limit: number): boolean {
    if (texts.includes(text)) return false;
    texts.push(this.kept(text));
    if (texts.length > limit) texts.shift();
    return true;
  }

  private kept(text: string): string {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    if (this.texts.size >= maxKeys) this.texts.clear();
    this.texts.set(text, text);
    return text;
  }
}
