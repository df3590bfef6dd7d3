import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** How old an answer may be: what the panel removes is refused well within a second. */
const freshMs = 200;
/** When there are more, they are begun anew. */
const limit = 100_000;

/** The access key files of a panel on this machine, as they are in its tree. */
export class TreeKeys {
  private readonly directory: string;
  private readonly seen = new Map<string, { isThere: boolean; lookedAtMs: number }>();

  /** @param root - of the tree, without symbolic links in it: keys are known by it */
  constructor(
    readonly root: string,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {
    this.directory = join(root, 'data/access-keys');
  }

  /** Whether a key may be used as far as the tree is concerned. Never waits. */
  permits({ id, sourceTree }: { id: string; sourceTree?: string }): boolean {
    return sourceTree !== this.root || this.isThere(id);
  }

  /** Whether the file of a key is there. */
  isThere(id: string): boolean {
    const nowMs = this.monotonicMs();
    const before = this.seen.get(id);
    if (before !== undefined && nowMs - before.lookedAtMs < freshMs) return before.isThere;
    const isThere = exists(join(this.directory, id));
    if (this.seen.size >= limit) this.seen.clear();
    this.seen.set(id, { isThere, lookedAtMs: nowMs });
    return isThere;
  }

  /** The next question looks at the tree, whatever was seen just before. */
  forget(id: string): void {
    this.seen.delete(id);
  }

  /** The names of all files; undefined while the directory can't be read. */
  names(): string[] | undefined {
    try {
      return readdirSync(this.directory);
    } catch {
      return undefined;
    }
  }

  /** Which directory it is: another one, such as an empty place where a disk is not mounted, has another identity. */
  identity(): string | undefined {
    try {
      const { dev, ino, birthtimeNs } = statSync(this.directory, { bigint: true });
      return [dev, ino, birthtimeNs].join(':');
    } catch {
      return undefined;
    }
  }
}

function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // not to be read: nothing is allowed by it
  }
}
