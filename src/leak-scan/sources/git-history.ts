import { statSync } from 'node:fs';
import { join } from 'node:path';
import { linesOf } from './git.js';
import { ObjectReader, type HistoryObject, type Listed } from './git-objects.js';
import { HashSet } from './hash-set.js';

/** git may take so long for its next word: it begins with a look at every commit. */
const usualPatienceMs = 300_000;
/** What git reads first. Opening a pipe in the place of one would wait for good. */
const ownFiles = ['HEAD', 'commondir', 'config', 'config.worktree', 'index', 'packed-refs', 'shallow'];
const objectFiles = ['info/grafts', 'objects/info/alternates'];
const inOrder = ['--objects', '--in-commit-order', '--topo-order', '--reverse', '--missing=print'];

/** A repository, and how long to wait for git. */
interface Repository {
  folder: string;
  patienceMs: number;
}

/**
 * Every object of a repository, each once: what a branch, a tag, the stash or a reflog reaches, the oldest commits
 * first; then commits that nothing reaches, such as one that was amended, with what they have; then what is left.
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
  const repository = { folder, patienceMs };
  const listed = new HashSet();
  const failures: Error[] = [];
  let missing = 0;
  const objects = await ObjectReader.start(folder, patienceMs);
  try {
    const reached = list(repository, ['--all', '--reflog'], { onMissing: () => missing++ });
    yield* objects.read(noting(listed, untilFailure(reached, failures)));
    missing += objects.missing;
    yield* unreached(repository, listed, objects, failures.length === 0);
  } finally {
    objects.close();
  }
  if (failures[0] !== undefined) throw failures[0];
  if (missing > 0)
    throw new Error(`${String(missing)} objects are missing, as in a partial clone, so they were not read`);
  const { size } = statSync(join(folder, 'shallow'), { throwIfNoEntry: false }) ?? { size: 0 };
  if (size > 0) throw new Error('it is a shallow clone: older commits are not in it');
}

/**
 * What git has kept and nothing leads to. Much of it may be gone already, so what is missing of it is no fault.
 *
 * @param canList - git lists what commits have: else their paths stay unknown
 */
async function* unreached(
  repository: Repository,
  listed: HashSet,
  objects: ObjectReader,
  canList: boolean,
): AsyncGenerator<HistoryObject, void> {
  const { folder, patienceMs } = repository;
  const rest: string[] = [];
  const names = ['cat-file', '--batch-all-objects', '--batch-check=%(objectname)'];
  for await (const hash of linesOf(folder, names, patienceMs)) if (!listed.has(hash)) rest.push(hash);
  if (rest.length === 0) return;
  const [wanted, read] = [new HashSet(rest), new HashSet()];
  const input = canList ? await commitsAmong(repository, rest) : [];
  const withPaths = list(repository, ['--stdin', '--not', '--all', '--reflog'], { input });
  // Where a commit before them is gone, git lists nothing. Then they are read one by one, without their paths.
  yield* objects.read(noting(read, onlyThose(wanted, untilFailure(withPaths))));
  yield* objects.read(byHash(rest.filter((hash) => !read.has(hash))));
}

async function commitsAmong(
  { folder, patienceMs }: Repository,
  hashes: readonly string[],
): Promise<string[]> {
  const commits: string[] = [];
  const types = ['cat-file', '--batch-check=%(objectname) %(objecttype)'];
  for await (const line of linesOf(folder, types, patienceMs, hashes)) {
    const [hash = '', type] = line.split(' ');
    if (type === 'commit' || type === 'tag') commits.push(hash);
  }
  return commits;
}

/** @param from - what `git rev-list` begins with; `input` is what it reads of that */
async function* list(
  { folder, patienceMs }: Repository,
  from: readonly string[],
  { input = [], onMissing }: { input?: readonly string[]; onMissing?: () => void },
): AsyncGenerator<Listed, void> {
  let commit = '';
  for await (const line of linesOf(folder, ['rev-list', ...inOrder, ...from], patienceMs, input)) {
    if (line.startsWith('?')) {
      onMissing?.();
      continue;
    }
    const [hash = ''] = line.split(' ', 1);
    if (!line.includes(' ')) commit = hash;
    yield { hash, path: line.slice(hash.length + 1), commit };
  }
}

async function* byHash(hashes: readonly string[]): AsyncGenerator<Listed, void> {
  for (const hash of hashes) yield { hash, path: '', commit: '' };
}

async function* noting(set: HashSet, items: AsyncIterable<Listed>): AsyncGenerator<Listed, void> {
  for await (const item of items) {
    set.add(item.hash);
    yield item;
  }
}

async function* onlyThose(set: HashSet, items: AsyncIterable<Listed>): AsyncGenerator<Listed, void> {
  for await (const item of items) if (set.has(item.hash)) yield item;
}

/** A list that fails ends there, so that what it had is read. */
async function* untilFailure<T>(items: AsyncIterable<T>, failures: Error[] = []): AsyncGenerator<T, void> {
  try {
    yield* items;
  } catch (error) {
    failures.push(error as Error);
  }
}

/** @throws where something else stands in the place of a file that git reads */
function requireFiles(folder: string): void {
  for (const name of [...ownFiles, ...objectFiles])
    if (statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === false)
      throw new Error(`${name} in it is no file, so its history was not read`);
}
