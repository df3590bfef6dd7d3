import { appendFile, readFile } from 'node:fs/promises';
import type { RecordTree, SignedHead } from './record-tree.js';

const timeoutMs = 5000;
const mostAnswerBytes = 65_536;
const notePattern = /^hearthkey\/\S+\n\d+\n\S+\n\n(?:\u2014 \S+ \S+\n)+/gm;

/** Told of a cosignature that a witness answered. */
export type OnCosigned = (witness: string, head: SignedHead, line: string) => Promise<void>;

/**
 * Files and servers that are told of heads (`HEARTHKEY_AUDIT_WITNESS`). A file gets each appended; a server gets it in
 * the form of C2SP tlog-witness, and may answer with its cosignature. One that can't be reached slows nothing.
 */
export class Witnesses {
  /** Why a witness could not be told of the newest head. */
  readonly problems = new Map<string, string>();
  private readonly sizes = new Map<string, { origin: string; size: number }>();
  private readonly busy = new Set<string>();

  /** @param places - paths, and URLs that begin with `https://` or `http://` */
  constructor(
    readonly places: readonly string[],
    private readonly tree: RecordTree,
    private readonly onCosigned: OnCosigned,
  ) {}

  get files(): readonly string[] {
    return this.places.filter((place) => !isUrl(place));
  }

  /** Returns at once. */
  tell(head: SignedHead): void {
    for (const place of this.places) {
      if (this.busy.has(place)) continue; // it gets the next one, with all that is in this one
      this.busy.add(place);
      const told = isUrl(place)
        ? this.post(place, head)
        : appendFile(place, `${head.note}\n`, { mode: 0o600 });
      told
        .then(
          () => this.problems.delete(place),
          (error: unknown) => this.problems.set(place, (error as Error).message),
        )
        .finally(() => this.busy.delete(place));
    }
  }

  /** The notes that a file has; those of a server it has to be asked for itself. */
  async notesIn(file: string): Promise<string[]> {
    return (await readFile(file, 'utf8')).match(notePattern) ?? [];
  }

  private async post(url: string, head: SignedHead): Promise<void> {
    const known = this.sizes.get(url);
    let size = known?.origin === head.origin ? known.size : 0;
    for (let attempt = 0; ; attempt++) {
      const proof = await this.tree.proofs(head.size).consistency(size);
      const lines = proof.map((hash) => `${Buffer.from(hash, 'latin1').toString('base64')}\n`).join('');
      const answer = await fetch(`${url.replace(/\/$/, '')}/add-checkpoint`, {
        ...{ method: 'POST', body: `old ${String(size)}\n${lines}\n${head.note}`, redirect: 'error' },
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = (await answer.text()).slice(0, mostAnswerBytes);
      const other = answer.status === 409 ? /^\d{1,15}$/.exec(text.trim())?.[0] : undefined;
      // It has seen another size than this process remembers.
      if (other !== undefined && attempt === 0 && Number(other) <= head.size) {
        size = Number(other);
        continue;
      }
      if (!answer.ok) throw new Error(`it answered ${String(answer.status)}`);
      this.sizes.set(url, { origin: head.origin, size: head.size });
      for (const [line, name = ''] of text.matchAll(/^\u2014 (\S+) \S+\n/gm))
        await this.onCosigned(name, head, line);
      return;
    }
  }
}

function isUrl(place: string): boolean {
  return /^https?:\/\//.test(place);
}
