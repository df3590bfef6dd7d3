import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { serviceManagerVariables } from '../../config/service-manager-variables.js';
import { ByteReader } from './byte-reader.js';
import { patient } from './patient.js';

export type Git = ChildProcessByStdio<Writable, Readable, Readable>;

const longestLine = 65_536;

/** git is not installed. */
export class NoGit extends Error {}

/**
 * Starts git on a repository of somebody else: no setting of it runs a program, and nothing is fetched.
 *
 * @throws NoGit
 */
export async function startGit(folder: string, args: readonly string[]): Promise<Git> {
  const { PATH } = serviceManagerVariables();
  const env = {
    ...{ PATH, LC_ALL: 'C', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
    // A repository can name a program as the way to its missing objects.
    ...{ GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none', GIT_TERMINAL_PROMPT: '0' },
    ...{ GIT_OPTIONAL_LOCKS: '0', GIT_NO_REPLACE_OBJECTS: '1' },
  };
  // Repositories of others are what root looks for here; only objects are read in them.
  const own = ['-c', 'safe.directory=*', `--git-dir=${folder}`];
  const child = spawn('git', [...own, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined); // it ended before it had read all: its exit code says why
  try {
    await once(child, 'spawn');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new NoGit('git is not installed');
    throw error;
  }
  return child;
}

/**
 * What git prints, line by line.
 *
 * @param input - what it reads
 * @throws with git's own words where it ends with an error, after all that it printed
 */
export async function* linesOf(
  folder: string,
  args: readonly string[],
  patienceMs: number,
  input: readonly string[] = [],
): AsyncGenerator<string, void> {
  const child = await startGit(folder, args);
  try {
    const hasEnded = ended(child, args[0] ?? '');
    child.stdin.end(input.map((line) => `${line}\n`).join(''));
    const lines = new ByteReader(patient(child.stdout, patienceMs, 'git'));
    for (;;) {
      const line = await lines.readLine(longestLine);
      if (line === undefined) break;
      yield line;
    }
    await hasEnded;
  } finally {
    child.kill('SIGKILL');
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
