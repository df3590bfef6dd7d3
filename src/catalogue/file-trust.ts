import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';

const worldWritable = 0o002;
const groupWritable = 0o020;
const sticky = 0o1000;
/** As the kernel's own limit. */
const linksLimit = 40;

/**
 * Whether others could change what runs: an executable, or a directory on the way to it. As sudo does, who could make
 * somebody else run his words is asked each time.
 */
export class FileTrust {
  /** @param runsAsRoot - files that run as root must belong to root; otherwise only files that everybody can write are refused */
  constructor(private readonly runsAsRoot: boolean) {}

  /**
   * @param path - absolute; links on it are followed, and what they lead through is looked at, too
   * @returns what is wrong, with the path; undefined: nothing. What is not there, or can't be looked at, can't be run either.
   */
  problemOf(path: string): string | undefined {
    let links = 0;
    let rest = resolve(path).split(sep).slice(1);
    let at: string = sep;
    for (;;) {
      const stats = statsOf(at);
      if (stats === undefined) return undefined;
      if (stats.isSymbolicLink()) {
        links += 1;
        if (links > linksLimit) return `${path} has too many links on it`;
        rest = [...resolve(dirname(at), readlinkSync(at)).split(sep).slice(1), ...rest];
        at = sep;
        continue;
      }
      const problem = this.problemWith(at, stats, rest.length > 0);
      if (problem !== undefined) return problem;
      const [next, ...others] = rest;
      if (next === undefined) return undefined;
      at = resolve(at, next);
      rest = others;
    }
  }

  /** @param isOnTheWay - nobody but its owner can rename what is in a sticky directory, such as `/tmp` */
  private problemWith(path: string, { mode, uid, gid }: Stats, isOnTheWay: boolean): string | undefined {
    const isGuarded = isOnTheWay && (mode & sticky) !== 0;
    if ((mode & worldWritable) !== 0 && !isGuarded) return `${path} can be written by everybody`;
    if (!this.runsAsRoot) return undefined;
    if (uid !== 0 && uid !== process.geteuid?.())
      return `${path} belongs to user ${String(uid)}, not to root`;
    const isOwnGroup = gid === 0 || gid === process.getegid?.();
    if ((mode & groupWritable) !== 0 && !isGuarded && !isOwnGroup)
      return `${path} can be written by group ${String(gid)}`;
    return undefined;
  }
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
