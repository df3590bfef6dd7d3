/** An empty Debian in a folder, in which a package is installed and its service runs as its unit says. Root only. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { atEnd } from './clean-up.js';
import { temporaryFolder } from './folders.js';
import type { ProcessResult } from './processes.js';
import { programPath } from './programs.js';
import { within } from './waiting.js';

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const environment = { PATH: systemPath, LANG: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' };

/** It is thrown away, so nothing has to be on the disk; the documents of other packages are not needed. */
const dpkgSettings = `force-unsafe-io
path-exclude=/usr/share/doc/*
path-exclude=/usr/share/locale/*
path-exclude=/usr/share/man/*
path-include=/usr/share/doc/hearthkey/*
path-include=/usr/share/man/man8/*
`;

/** Node.js has no datagram sockets of Unix; perl is in every Debian. */
const receiver = `
use IO::Socket::UNIX; use Socket;
my ($path, $log) = @ARGV;
my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $path) or die $!;
chmod 0666, $path;
open(my $file, '>>', $log); select($file); $| = 1;
while (1) { my $text; $socket->recv($text, 65536); $text =~ s/\\n/ /g; print "$text\\n"; }
`;

export class DebianRoot {
  private readonly running = new Set<ChildProcess>();

  private constructor(readonly folder: string) {
    atEnd(async () => {
      for (const child of this.running) await end(child, 'SIGKILL');
    });
  }

  static async make(suite: string): Promise<DebianRoot> {
    const folder = join(temporaryFolder(), 'root');
    mkdirSync(join(folder, 'etc/dpkg/dpkg.cfg.d'), { recursive: true });
    writeFileSync(join(folder, 'etc/dpkg/dpkg.cfg.d/test'), dpkgSettings);
    const made = await run('debootstrap', ['--variant=minbase', suite, folder]);
    if (made.code !== 0) throw new Error(`debootstrap failed: ${made.stdout}${made.stderr}`);
    const root = new DebianRoot(folder);
    copyFileSync('/etc/resolv.conf', root.path('/etc/resolv.conf'));
    // Nothing is started at installation: there is no systemd, and the ports are those of this machine.
    writeFileSync(root.path('/usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    return root;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  /** A command in there, as root. */
  async run(command: string, ...args: readonly string[]): Promise<ProcessResult> {
    return run('unshare', inside(this.folder, command, ...args));
  }

  /** Installs a package from a file, with what it depends on. */
  async install(file: string): Promise<ProcessResult> {
    copyFileSync(file, this.path(`/root/${basename(file)}`));
    const options = ['-y', '--no-install-recommends', '-o', 'Dpkg::Options::=--force-confold'];
    return this.run('apt-get', 'install', ...options, `/root/${basename(file)}`);
  }

  /** Runs the service as its unit says: command, user, groups, umask, and a listener in the place of systemd. */
  async startUnit(name: string): Promise<UnitProcess> {
    const unit = unitSettings(this.read(`/usr/lib/systemd/system/${name}`));
    const log = join(temporaryFolder(), 'notified');
    const notifySocket = `/run/notify-${String(this.running.size)}`;
    this.start('perl', ['-e', receiver, this.path(notifySocket), log]);
    await within(10_000, 'the listener', () => this.has(notifySocket));
    const identity = [
      `--userspec=${unit('User')}:${unit('Group')}`,
      `--groups=${unit('SupplementaryGroups')}`,
    ];
    const command = unit('ExecStart').split(' ');
    const variables = { ...environment, NOTIFY_SOCKET: notifySocket, WATCHDOG_USEC: '3000000' };
    const script = `umask ${unit('UMask')}; exec "$0" "$@"`;
    const words = ['/bin/sh', '-c', script, 'chroot', ...identity, '/', ...command];
    const child = this.start('unshare', inside(this.folder, ...words), variables);
    return new UnitProcess(child, () => (existsSync(log) ? readFileSync(log, 'utf8') : ''));
  }

  private start(
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = environment,
  ): ChildProcess {
    const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    this.running.add(child);
    return child;
  }
}

export class UnitProcess {
  private log = '';

  constructor(
    private readonly child: ChildProcess,
    /** What systemd was told, a message a line. */
    readonly notified: () => string,
  ) {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.log += text));
  }

  async ready(): Promise<void> {
    await within(60_000, 'READY=1', () => {
      if (this.child.exitCode !== null) throw new Error(`the service ended: ${this.log}`);
      return this.notified().includes('READY=1');
    });
  }

  async stop(): Promise<number | null> {
    return end(this.child, 'SIGTERM');
  }
}

/** Arguments of `unshare`: a command in there, with a /proc that ends with it. */
function inside(folder: string, ...words: readonly string[]): string[] {
  const script = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"';
  return ['--mount', '/bin/sh', '-c', script, folder, ...words];
}

/** @returns the last value of a setting in a unit file */
function unitSettings(text: string): (name: string) => string {
  return (name) => {
    const value = [...text.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].at(-1)?.[1];
    if (value === undefined) throw new Error(`the unit has no ${name}`);
    return value;
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await once(child, 'exit');
  }
  return child.exitCode;
}

function run(command: string, args: readonly string[]): Promise<ProcessResult> {
  return new Promise<ProcessResult>((resolve) => {
    const options = { env: environment, maxBuffer: 2 ** 26 };
    execFile(programPath(command), args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code ?? 1);
      resolve({ code, signal: null, stdout, stderr });
    });
  });
}
