import { createReadStream } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { hashToBase64 } from './merkle.js';
import type { RecordTree, SignedHead } from './record-tree.js';

const timeoutMs = 5000;
const mostAnswerBytes = 65_536;
/** More than any note has. */
const mostNoteLength = 65_536;
const notePattern = /^hearthkey\/\S+\n\d+\n\S+\n\n(?:\u2014 \S+ \S+\n)+/gm;
const cosignaturePattern = /^\u2014 (\S{1,255}) [A-Za-z0-9+/=]{1,256}\n/gm;
/** Of one server, so that a hostile one can't fill the database. */
const mostNames = 4;
/** Nodes sign in the database, each with a key that the others know; a server must not replace what they signed. */
const nodeName = /^hearthkey-/;

/** Called with each cosignature of a witness. */
export type OnCosigned = (witness: string, head: SignedHead, line: string) => Promise<void>;

/**
 * Files and servers that are told of heads (`HEARTHKEY_AUDIT_WITNESS`). A file gets each appended; a server gets it in
 * the form of C2SP tlog-witness, and may answer with its cosignature. One that can't be reached slows nothing.
 */
export class Witnesses {
  /** Why a witness could not be told of the newest head. */
  readonly problems = new Map<string, string>();
  private readonly sizes = new Map<string, { origin: string; size: number }>();
  private readonly signers = new Map<string, Set<string>>();
  private readonly busy = new Set<string>();

  /** @param places - paths, and URLs that begin with `https://` or `http://` */
  constructor(
    readonly places: readonly string[],
    private readonly tree: Pick<RecordTree, 'proofs'>,
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

  /** The notes that a file has, which may be those of years; those of a server it has to be asked for itself. */
  async *notesIn(file: string): AsyncGenerator<string> {
    let rest = '';
    for await (const piece of createReadStream(file, 'utf8')) {
      rest += piece as string;
      // What follows may belong to the last note, so that it is taken with the next piece.
      const end = rest.lastIndexOf('\nhearthkey/') + 1;
      yield* rest.slice(0, end).match(notePattern) ?? [];
      rest = rest.slice(end);
      if (rest.length <= mostNoteLength) continue;
      // No note is that long: it has ended, and something else follows.
      yield* rest.match(notePattern) ?? [];
      rest = rest.slice(Math.max(rest.lastIndexOf('\n'), rest.length - mostNoteLength));
    }
    yield* rest.match(notePattern) ?? [];
  }

  private async post(url: string, head: SignedHead): Promise<void> {
    const known = this.sizes.get(url);
    let size = known?.origin === head.origin ? known.size : 0;
    for (let attempt = 0; ; attempt++) {
      const proof = await this.tree.proofs(head.size).consistency(size);
      const lines = proof.map((hash) => `${hashToBase64(hash)}\n`).join('');
      const answer = await fetch(`${url.replace(/\/$/, '')}/add-checkpoint`, {
        ...{ method: 'POST', body: `old ${String(size)}\n${lines}\n${head.note}`, redirect: 'error' },
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await readAnswer(answer);
      const other = answer.status === 409 ? /^\d{1,15}$/.exec(text.trim())?.[0] : undefined;
      // It has seen another size than this process remembers.
      if (other !== undefined && attempt === 0 && Number(other) <= head.size) {
        size = Number(other);
        continue;
      }
      if (!answer.ok) throw new Error(`it answered ${String(answer.status)}`);
      this.sizes.set(url, { origin: head.origin, size: head.size });
      for (const [line, name = ''] of text.matchAll(cosignaturePattern))
        if (this.mayBeNamed(name, url)) await this.onCosigned(name, head, line);
      return;
    }
  }

  private mayBeNamed(name: string, url: string): boolean {
    const names = this.signers.get(url) ?? new Set();
    if (nodeName.test(name) || (names.size >= mostNames && !names.has(name))) return false;
    this.signers.set(url, names.add(name));
    return true;
  }
}

/** Limits the length of a witness's answer. */
async function readAnswer({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.length;
    if (length > mostAnswerBytes) throw new Error('its answer is too long');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

function isUrl(place: string): boolean {
  return /^https?:\/\//.test(place);
}
