import { notFound } from '../errors.js';

/** Something that the copy has alive and that is not alive now: what it is called, what it is, what becomes of it. */
export interface RestoreExclusion {
  /** What `--revive` takes for it, such as `key:ID`. */
  word: string;
  what: string;
  now: string;
  becomes: string;
}

/** When, and by which command, something was taken away, as the audit record tells. */
export interface Revocation {
  time: string;
  command: string;
}

const wholesale = new Set(['all', 'unrevoked']);

/**
 * What a restore holds back: everything that would make somebody more able than they are now, unless it was told to
 * bring that back.
 */
export class RestoreGuard {
  readonly held: RestoreExclusion[] = [];
  private readonly words: ReadonlySet<string>;
  private readonly used = new Set<string>();

  /**
   * @param told - words as they are printed; `all`; or `unrevoked`: all that `revoked` doesn't name
   * @param revoked - what the audit record says was taken away since
   */
  constructor(
    told: readonly string[],
    private readonly revoked: ReadonlyMap<string, Revocation>,
  ) {
    this.words = new Set(told.map((word) => (/^[A-Za-z0-9]{20}$/.test(word) ? `key:${word}` : word)));
  }

  /**
   * @param owner - a word that brings this back too
   * @returns whether it is held back
   */
  hold(held: RestoreExclusion, owner?: string): boolean {
    const names = owner === undefined ? [held.word] : [held.word, owner];
    const named = names.filter((name) => this.words.has(name));
    for (const name of named) this.used.add(name);
    if (named.length > 0) return false;
    const revocation = names
      .map((name) => this.revoked.get(recordedAs(name)))
      .find((each) => each !== undefined);
    if (this.words.has('all') || (this.words.has('unrevoked') && revocation === undefined)) return false;
    const since = revocation && ` (${revocation.command} at ${revocation.time})`;
    this.held.push({ ...held, now: held.now + (since ?? '') });
    return true;
  }

  /** @throws AppError 3 for a word that stands for nothing that would have been held back: it may be a slip */
  requireAllUsed(): void {
    const unused = [...this.words].find((word) => !wholesale.has(word) && !this.used.has(word));
    if (unused !== undefined) throw notFound(`${unused}, as something to revive,`);
  }
}

/** The record tells of a key or a user, not of what about it was changed. */
function recordedAs(word: string): string {
  return word
    .replace(/^(?:secret|permissions|limits):/, 'key:')
    .replace(/^(?:login|password|role):/, 'user:');
}
