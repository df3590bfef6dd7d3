/** What tells a user of a panel from another one of the same name. */
export interface UserIdentity {
  /** When the panel made the user, as it says itself; empty where it doesn't. */
  created: string;
  /** The folder of the user: it stays the same when it is moved away and back, and a copy of it is another one. */
  folder: string;
}

/**
 * Whether both are one user. Of one who was away the folder has to be the same, too: a new user of the name could have
 * been given the creation time of the old one. Where nothing tells them apart for sure they count as two.
 */
export function isSameUser(one: UserIdentity, other: UserIdentity, wasAway: boolean): boolean {
  const isCreatedTold = one.created !== '' && other.created !== '';
  if (isCreatedTold && one.created !== other.created) return false;
  return one.folder === other.folder || (isCreatedTold && !wasAway);
}

/** Who the users of a panel are, by name, for as long as this process runs. */
export class UserIdentities {
  private readonly known = new Map<string, UserIdentity>();
  private readonly away = new Set<string>();
  private readonly replaced = new Set<string>();

  /** @returns false: another user has the name now, and it is refused until `forget` */
  meet(name: string, identity: UserIdentity): boolean {
    const known = this.known.get(name);
    if (known !== undefined && known !== identity && !isSameUser(known, identity, this.away.has(name))) {
      this.replaced.add(name);
      return false;
    }
    if (known === identity) return true;
    this.replaced.delete(name);
    // Kept as it is, so that meeting the same one again costs next to nothing.
    this.known.set(name, identity);
    this.away.delete(name);
    return true;
  }

  miss(name: string): void {
    if (this.known.has(name)) this.away.add(name);
    this.replaced.delete(name);
  }

  isKnown(name: string): boolean {
    return this.known.has(name);
  }

  /** Names that another user has now. */
  replacedNames(): string[] {
    return [...this.replaced];
  }

  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.known.keys()) if (!names.has(name)) this.forget(name);
  }

  /** The next user of that name is a new one. */
  forget(name: string): void {
    this.known.delete(name);
    this.away.delete(name);
    this.replaced.delete(name);
  }
}
