import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { serviceManagerVariables } from '../../config/service-manager-variables.js';
import { ByteReader, Section } from './byte-reader.js';
import { patient } from './patient.js';

/** A version of a file, or the message of a commit or a tag. Its bytes have to be read before the next one is asked for. */
export interface HistoryObject {
  /** The path in the repository; empty: it is a message. */
  path: string;
  /** The first commit that has it. */
  commit: string;
  size: number;
  chunks: AsyncIterable<Buffer>;
}

type Git = ChildProcessByStdio<Writable, Readable, Readable>;

/** So many are asked for before their answers are read. */
const mostUnderWay = 256;
const longestLine = 65_536;
/** git may take so long for its next word: it begins with a look at every commit. */
const usualPatienceMs = 300_000;
/** What git reads first. Opening a pipe in the place of one would wait for good. */
const ownFiles = ['HEAD', 'commondir', 'config', 'config.worktree', 'index', 'packed-refs', 'shallow'];
const objectFiles = ['info/grafts', 'objects/info/alternates'];

/** git is not installed. */
export class NoGit extends Error {}

/**
 * Every object of a repository that a branch, a tag, the stash or a reflog reaches, each once, the oldest commits first.
 *
 * Nothing of the repository's settings runs a program: no hook, no filter and no pager is asked, and nothing is fetched.
 *
 * @throws NoGit; an error with git's own words, or with what is missing, after all that is there
 */
export async function* historyOf(
  folder: string,
  patienceMs: number = usualPatienceMs,
): AsyncGenerator<HistoryObject, void> {
  requireFiles(folder);
  const list = git(folder, [
    ...['rev-list', '--objects', '--in-commit-order', '--topo-order', '--reverse', '--all', '--reflog'],
    '--missing=print',
  ]);
  const content = git(folder, ['cat-file', '--batch']);
  try {
    await Promise.all([started(list), started(content)]);
    yield* answersTo(list, content, patienceMs);
  } finally {
    for (const child of [list, content]) child.kill('SIGKILL');
  }
  const { size } = statSync(join(folder, 'shallow'), { throwIfNoEntry: false }) ?? { size: 0 };
  if (size > 0) throw new Error('it is a shallow clone: older commits are not in it');
}

async function* answersTo(list: Git, content: Git, patienceMs: number): AsyncGenerator<HistoryObject, void> {
  const [names, answers] = [list, content].map(
    ({ stdout }) => new ByteReader(patient(stdout, patienceMs, 'git')),
  ) as [ByteReader, ByteReader];
  const listEnded = ended(list, 'rev-list');
  content.stderr.resume();
  const underWay: { path: string; commit: string }[] = [];
  let commit = '';
  let isListed = false;
  let missing = 0;
  while (!isListed || underWay.length > 0) {
    while (!isListed && underWay.length < mostUnderWay) {
      const line = await names.readLine(longestLine);
      if (line === undefined) {
        isListed = true;
        await listEnded;
        break;
      }
      if (line.startsWith('?')) {
        missing++;
        continue;
      }
      const [hash = ''] = line.split(' ', 1);
      if (!line.includes(' ')) commit = hash;
      underWay.push({ path: line.slice(hash.length + 1), commit });
      content.stdin.write(`${hash}\n`);
    }
    const asked = underWay.shift();
    if (asked !== undefined && !(yield* answer(asked, answers))) missing++;
  }
  if (missing > 0)
    throw new Error(`${String(missing)} objects are missing, as in a partial clone, so they were not read`);
}

/** @returns whether the repository has it */
async function* answer(
  { path, commit }: { path: string; commit: string },
  answers: ByteReader,
): AsyncGenerator<HistoryObject, boolean> {
  const head = await answers.readLine(longestLine);
  if (head === undefined) throw new Error('git cat-file ended too early');
  const [, type, length] = head.split(' ');
  if (length === undefined) return false;
  const size = Number(length);
  const body = new Section(answers, size);
  if (type !== 'tree') yield { path: type === 'blob' ? path : '', commit, size, chunks: body };
  await body.skip();
  await answers.read(1);
  return true;
}

/** @throws where something else stands in the place of a file that git reads */
function requireFiles(folder: string): void {
  for (const name of [...ownFiles, ...objectFiles])
    if (statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === false)
      throw new Error(`${name} in it is no file, so its history was not read`);
}

function git(folder: string, args: readonly string[]): Git {
  const { PATH } = serviceManagerVariables();
  const env = {
    ...{ PATH, LC_ALL: 'C', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
    // A repository can name a program as the way to its missing objects.
    ...{ GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none', GIT_TERMINAL_PROMPT: '0' },
    ...{ GIT_OPTIONAL_LOCKS: '0', GIT_NO_REPLACE_OBJECTS: '1' },
  };
  // Repositories of others are what root looks for here; only objects are read in them.
  const own = ['-c', 'safe.directory=*', `--git-dir=${folder}`];
  return spawn('git', [...own, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
}

async function started(child: Git): Promise<void> {
  child.stdin.on('error', () => undefined); // it ended before it had read all: its exit code says why
  try {
    await once(child, 'spawn');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new NoGit('git is not installed');
    throw error;
  }
}

/** @throws where git ends with an error, with what it says */
function ended(child: Git, name: string): Promise<void> {
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(0, 2000)));
  const closed = new Promise<void>((resolve, reject) => {
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`git ${name}: ${said.trim().split('\n')[0] ?? ''}`));
    });
  });
  closed.catch(() => undefined); // awaited when the list is read to its end
  return closed;
}
