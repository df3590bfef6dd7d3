import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError, ReturnCode } from '../errors.js';
import { shellEnvironment } from './places.js';

const program = fileURLToPath(new URL('../bundle/serve.js', import.meta.url));
/** A child whose parent was killed notices that its channel is closed: no service is left behind. */
const endWithParent = "process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));";
/** Only a machine that is very busy needs more than some seconds. */
const startTimeoutMs = 300_000;

export interface Owner {
  uid: number;
  gid: number;
}

/** The service, started by the set-up for its checks, with the settings of a file or these alone. */
export class CheckService {
  private constructor(private readonly child: ChildProcess) {}

  /**
   * @param settings - the environment beside PATH; `HEARTHKEY_ENV_FILE` is one of them
   * @param owner - whom the data directory belongs to: the service runs as this user
   */
  static async start(settings: Readonly<Record<string, string>>, owner?: Owner): Promise<CheckService> {
    const isOther = owner !== undefined && owner.uid !== process.geteuid?.();
    const preload = isOther ? `${endWithParent}${becomeUser(owner)}` : endWithParent;
    const child = spawn(process.execPath, ['--import', `data:text/javascript,${preload}`, program], {
      cwd: '/',
      // Whoever sets up is root, and nobody could be the second person of this service.
      env: { PATH: shellEnvironment()['PATH'], HOME: '/', ...settings, HEARTHKEY_APPROVALS: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let printed = '';
    let complaints = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
    child.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => (complaints = (complaints + text).slice(-8000)));
    const ended = once(child, 'close');
    const timer = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs);
    const isUp = await Promise.race([
      ended.then(() => false),
      new Promise<boolean>((resolve) => {
        child.stdout?.on('data', () => printed.includes('serves at') && resolve(true));
      }),
    ]);
    clearTimeout(timer);
    if (isUp) return new CheckService(child);
    const lines = complaints.split('\n').filter((line) => line.startsWith("Hearthkey can't start"));
    throw new AppError(
      ReturnCode.CONNECT,
      lines.at(-1) ?? 'the service did not start; its log is on standard error',
    );
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'close');
    child.kill('SIGTERM');
    await ended;
  }
}

/**
 * Code that the child runs before the service is loaded. The `uid` option of spawn leaves out the user's other groups,
 * and only members of the group hearthkey may read the settings file of the Debian package.
 */
function becomeUser({ uid, gid }: Owner): string {
  const { stdout } = spawnSync('id', ['-G', '--', String(uid)], { encoding: 'utf8' });
  // A user without a name has no other groups.
  const groups = [gid, ...stdout.split(/\s+/).filter(Boolean).map(Number)];
  const become = `process.setgroups([${groups.join()}]);process.setgid(${String(gid)});process.setuid(${String(uid)})`;
  // Threads run it too, when the process is this user already.
  return `if(process.geteuid()===0){${become}}`;
}

/** Whom the data directory belongs to; undefined where there is none yet. */
export function ownerOf(dataDir: string): Owner | undefined {
  if (!existsSync(dataDir)) return undefined;
  const { uid, gid } = statSync(dataDir);
  return { uid, gid };
}
