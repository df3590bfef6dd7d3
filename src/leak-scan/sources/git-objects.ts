import { ByteReader, Section } from './byte-reader.js';
import { startGit, type Git } from './git.js';
import { patient } from './patient.js';
import { namesInTree } from './tree-names.js';

/** An object that a list names. */
export interface Listed {
  hash: string;
  /** The path in the repository; empty: it is a message, or the root folder. */
  path: string;
  /** The first commit that has it; empty: none is known. */
  commit: string;
}

/** What is in an object. Its bytes have to be read before the next one is asked for. */
export interface HistoryObject extends Listed {
  /** A version of a file, the message of a commit or a tag, or the names in a folder. */
  kind: 'file' | 'message' | 'names';
  size: number;
  chunks: AsyncIterable<Buffer>;
}

/** So many are asked for before their answers are read. */
const mostUnderWay = 256;
const longestLine = 65_536;

/** Reads objects of a repository by their hashes. */
export class ObjectReader {
  /** So many of those that were asked for are not there. */
  missing = 0;
  private readonly answers: ByteReader;

  private constructor(
    private readonly content: Git,
    patienceMs: number,
  ) {
    this.answers = new ByteReader(patient(content.stdout, patienceMs, 'git'));
    content.stderr.resume();
  }

  /** @throws NoGit */
  static async start(folder: string, patienceMs: number): Promise<ObjectReader> {
    return new ObjectReader(await startGit(folder, ['cat-file', '--batch']), patienceMs);
  }

  /** What is in these, in their order. */
  async *read(list: AsyncIterable<Listed>): AsyncGenerator<HistoryObject, void> {
    const underWay: Listed[] = [];
    for await (const listed of list) {
      underWay.push(listed);
      this.content.stdin.write(`${listed.hash}\n`);
      if (underWay.length >= mostUnderWay) yield* this.answer(underWay.shift());
    }
    while (underWay.length > 0) yield* this.answer(underWay.shift());
  }

  close(): void {
    this.content.kill('SIGKILL');
  }

  private async *answer(asked: Listed | undefined): AsyncGenerator<HistoryObject, void> {
    if (asked === undefined) return;
    const head = await this.answers.readLine(longestLine);
    if (head === undefined) throw new Error('git cat-file ended too early');
    const [, type, length] = head.split(' ');
    if (length === undefined) {
      this.missing++;
      return;
    }
    const size = Number(length);
    const body = new Section(this.answers, size);
    if (type === 'blob') yield { ...asked, kind: 'file', size, chunks: body };
    else if (type === 'tree')
      yield { ...asked, kind: 'names', size, chunks: namesInTree(body, asked.hash.length / 2) };
    else {
      const commit = type === 'commit' ? asked.hash : asked.commit;
      yield { ...asked, commit, path: '', kind: 'message', size, chunks: body };
    }
    await body.skip();
    await this.answers.read(1);
  }
}
