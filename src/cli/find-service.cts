/**
 * Which service the command line talks to where none answers at the first place: those that have announced themselves
 * on this machine. Loaded only then.
 */
import fs = require('node:fs');
import path = require('node:path');
import places = require('../config/places.cjs');

interface RunningService {
  pid: number;
  version: string;
  socket: string;
  dataDir: string;
  installation: string;
}

interface Search {
  installationDir: string;
  environment: NodeJS.Dict<string>;
  /** Where the socket was looked for first, and what named it: a setting, or nothing. */
  socketPath: string;
  namedBy: 'HEARTHKEY_SOCKET' | 'HEARTHKEY_DATA_DIR' | undefined;
  errorCode: string | undefined;
}

/** Nothing was sent when a connection ends so; after any other error the command may have run. */
const neverConnected = new Set(['ENOENT', 'ENOTDIR', 'ECONNREFUSED']);

/** @returns the socket to try next, or what to tell the operator */
function findService(search: Search): { socketPath: string } | { problem: string } {
  const { socketPath, errorCode = '' } = search;
  if (errorCode === 'EACCES')
    return { problem: `this user may not open ${socketPath}: run it as root, or as the user of the service` };
  if (!neverConnected.has(errorCode))
    return { problem: `the connection to the service at ${socketPath} was lost (${errorCode})` };
  // As the service reads it: a relative path starts at the installation.
  const folders = places
    .announcementFolders(search.environment)
    .map((folder) => path.resolve(search.installationDir, folder));
  const running = folders.flatMap(readFolder).filter((service) => service.socket !== socketPath);
  const meant = meantService(running, search);
  return meant === undefined
    ? { problem: problemText(search, folders, running) }
    : { socketPath: meant.socket };
}

/** A command never goes to another service than the one that a setting names, nor past an installation's own data. */
function meantService(running: readonly RunningService[], search: Search): RunningService | undefined {
  const { socketPath, namedBy, installationDir } = search;
  if (namedBy === 'HEARTHKEY_SOCKET') return undefined;
  // The socket in the data directory is two levels down.
  const dataDir = realPath(path.resolve(socketPath, '../..'));
  if (namedBy === 'HEARTHKEY_DATA_DIR') return only(running, (one) => realPath(one.dataDir) === dataDir);
  const own = only(running, (one) => realPath(one.installation) === realPath(installationDir));
  if (own !== undefined || fs.existsSync(path.join(dataDir, 'lock'))) return own;
  return only(running, () => true);
}

function only(
  running: readonly RunningService[],
  isMeant: (service: RunningService) => boolean,
): RunningService | undefined {
  const meant = running.filter(isMeant);
  return meant.length === 1 ? meant[0] : undefined;
}

function problemText(search: Search, folders: readonly string[], running: readonly RunningService[]): string {
  const { socketPath, namedBy, installationDir } = search;
  const why = namedBy === undefined ? 'the data directory of this installation' : `set by ${namedBy}`;
  const lines = [`no Hearthkey service answers at ${socketPath} (${why})`];
  if (running.length === 0) {
    if (folders.length > 0) lines.push(`  No running service is announced in ${folders.join(' or ')}.`);
    lines.push(`  Start it: ${startAdvice(installationDir)}`);
    return lines.join('\n');
  }
  lines.push('  These services run on this machine; HEARTHKEY_SOCKET says which one is meant:');
  for (const { pid, version, socket, dataDir } of running)
    lines.push(
      `  HEARTHKEY_SOCKET=${socket}  (process ${String(pid)}, version ${version}, data in ${dataDir})`,
    );
  return lines.join('\n');
}

function startAdvice(installationDir: string): string {
  if (installationDir === places.packagedFolder) return 'systemctl start hearthkey';
  const isClone = fs.existsSync(path.join(installationDir, 'scripts/start.mjs'));
  return isClone ? `npm start in ${installationDir}` : 'hearthkey serve';
}

/** Announcements that others could have written are passed over: a command may carry a password. */
function readFolder(folder: string): RunningService[] {
  try {
    if (!isTrusted(fs.realpathSync(folder))) return [];
    return fs
      .readdirSync(folder)
      .filter((name) => /^\d+\.json$/.test(name))
      .flatMap((name) => readAnnouncement(path.join(folder, name)));
  } catch {
    return [];
  }
}

/**
 * Whether only this user, root, or a user to whom root gave the folder can write there. `su` and `sudo -E` keep the
 * XDG_RUNTIME_DIR of the user before, who must not choose the service that root's commands go to.
 */
function isTrusted(folder: string): boolean {
  const isOwn = ({ uid }: fs.Stats): boolean => uid === 0 || uid === process.geteuid?.();
  const isClosed = ({ mode }: fs.Stats): boolean => (mode & 0o022) === 0;
  const [stats, parent] = [fs.statSync(folder), fs.statSync(path.dirname(folder))];
  return isClosed(stats) && (isOwn(stats) || (parent.uid === 0 && isClosed(parent)));
}

function readAnnouncement(file: string): RunningService[] {
  try {
    const service = JSON.parse(fs.readFileSync(file, 'utf8')) as RunningService;
    return isAlive(service.pid) && fs.existsSync(service.socket) ? [service] : [];
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function realPath(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}

export = { findService };
