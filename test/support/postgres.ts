/** A real PostgreSQL server for a test file, in a folder and on a port of its own; no test sees another file's. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { atEnd } from './clean-up.js';
import { temporaryFolder } from './folders.js';
import { freePort } from './free-port.js';
import { childrenOf, signal } from './process-tree.js';
import { programPath } from './programs.js';
import { within } from './waiting.js';

const startTimeoutMs = 30_000;

/** What a killed process had written survives without syncing; each store of a file keeps its connections. */
const quick = ['fsync=off', 'full_page_writes=off', 'max_connections=500'];

export class PostgresServer {
  private child: ChildProcess | undefined;
  private databases = 0;

  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly settings: readonly string[],
  ) {}

  /**
   * A server whose databases order texts as people do, so that an order that is left to it is found out.
   *
   * @param settings - lines of `postgresql.conf`, such as `fsync=on`
   */
  static async start(...settings: string[]): Promise<PostgresServer> {
    const server = await PostgresServer.inNewFolder([...quick, ...settings]);
    server.initdb();
    await server.start();
    return server;
  }

  /** Starts another server that has each commit before this one confirms it; `promote` makes it the one to use. */
  async synchronousStandby(): Promise<PostgresServer> {
    const standby = await PostgresServer.inNewFolder(this.settings);
    const from = ['-h', '127.0.0.1', '-p', String(this.port), '-U', 'postgres'];
    const copying = ['-D', standby.dataFolder, '--write-recovery-conf', '--checkpoint=fast', '--no-sync'];
    const child = standby.spawn('pg_basebackup', [...from, ...copying]);
    const [code] = (await once(child, 'close')) as [number];
    if (code !== 0) throw new Error('pg_basebackup failed');
    await standby.start();
    await this.query('postgres', `alter system set synchronous_standby_names = '*'`);
    await this.query('postgres', 'select pg_reload_conf()');
    await within(startTimeoutMs, 'the standby is synchronous', async () => {
      const rows = await this.query('postgres', 'select sync_state from pg_stat_replication');
      return rows.some((row) => row['sync_state'] === 'sync');
    });
    return standby;
  }

  /** The standby takes over; the other server has to be gone before. */
  async promote(): Promise<void> {
    await this.query('postgres', 'select pg_promote()');
  }

  /** Starts again, after an orderly stop, as a standby of the server that took over. */
  async follow(primary: PostgresServer): Promise<void> {
    writeFileSync(join(this.dataFolder, 'standby.signal'), '');
    const from = `host=127.0.0.1 port=${String(primary.port)} user=postgres`;
    appendFileSync(join(this.dataFolder, 'postgresql.auto.conf'), `primary_conninfo = '${from}'\n`);
    await this.start();
    await within(startTimeoutMs, 'the standby follows', async () => {
      const rows = await primary.query('postgres', 'select state from pg_stat_replication');
      return rows.some((row) => row['state'] === 'streaming');
    });
  }

  /** Not started yet, and with no data. */
  private static async inNewFolder(settings: readonly string[]): Promise<PostgresServer> {
    const folder = temporaryFolder();
    const server = new PostgresServer(folder, await freePort(), settings);
    chownSync(folder, ...server.owner);
    mkdirSync(server.socketFolder);
    chownSync(server.socketFolder, ...server.owner);
    chmodSync(server.socketFolder, 0o755);
    atEnd(() => server.stop('SIGQUIT'));
    return server;
  }

  /** Where its Unix socket is. */
  get socketFolder(): string {
    return join(this.folder, 'run');
  }

  /** Makes an empty database. */
  async newDatabase(): Promise<string> {
    const name = `store_${String(++this.databases)}`;
    await this.query('postgres', `create database ${name}`);
    return this.url(name);
  }

  url(database: string): string {
    return `postgres://postgres@127.0.0.1:${String(this.port)}/${database}`;
  }

  /** Asks beside what is tested. */
  query(database: string, text: string): Promise<Record<string, unknown>[]> {
    return queryOnce(this.url(database), text);
  }

  /** Starts it again after `stop` or `kill`, with all that was committed. */
  async start(): Promise<void> {
    const settings = [
      `port=${String(this.port)}`,
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${this.socketFolder}`,
      'logging_collector=off',
      ...this.settings,
    ];
    const child = this.spawn('postgres', [
      '-D',
      this.dataFolder,
      ...settings.flatMap((each) => ['-c', each]),
    ]);
    this.child = child;
    await untilAnswers('PostgreSQL', child, this.url('postgres'));
  }

  /** @param signal - SIGINT closes connections, SIGTERM waits for them, SIGQUIT ends at once, as a crash would */
  async stop(signal: 'SIGINT' | 'SIGTERM' | 'SIGQUIT' = 'SIGINT'): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    this.signalAll('SIGCONT');
    child.kill(signal);
    await once(child, 'close');
  }

  /** From now on connections may be encrypted. */
  async useTls(certificate: Buffer, key: Buffer): Promise<void> {
    for (const [name, content] of Object.entries({ 'server.crt': certificate, 'server.key': key })) {
      const file = join(this.dataFolder, name);
      writeFileSync(file, content, { mode: 0o600 });
      chownSync(file, ...this.owner);
    }
    await this.query('postgres', 'alter system set ssl = on');
    await this.restart();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** As by a power cut of the machine: no process of it is left. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined) return;
    const others = this.processes();
    child.kill('SIGKILL');
    await once(child, 'close');
    for (const pid of others) signal(pid, 'SIGKILL');
    await within(5000, 'its processes are gone', () => others.every((pid) => !signal(pid, 0)));
  }

  /** It holds its connections and says nothing. */
  pause(): void {
    this.signalAll('SIGSTOP');
  }

  resume(): void {
    this.signalAll('SIGCONT');
  }

  private signalAll(name: NodeJS.Signals): void {
    for (const pid of this.processes()) signal(pid, name);
  }

  /** The server and what it started for its connections. */
  private processes(): number[] {
    const pid = this.child?.pid;
    if (pid === undefined) return [];
    return [pid, ...childrenOf(pid)];
  }

  private get dataFolder(): string {
    return join(this.folder, 'data');
  }

  /** From the template of this run of Jest, which the first makes (global-setup.mjs): copying costs a tenth. */
  private initdb(): void {
    const folder = process.env['TEST_TEMPLATES'];
    if (folder === undefined) {
      this.initdbAt(this.dataFolder);
      return;
    }
    const template = join(folder, 'postgres');
    if (!existsSync(template)) this.makeTemplate(template);
    const { status, stderr } = spawnSync('cp', ['-a', template, this.dataFolder], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the copy of ${template} failed: ${stderr}`);
  }

  /** Made elsewhere and moved, so that it is whole for the other workers; the first of several counts. */
  private makeTemplate(template: string): void {
    this.initdbAt(this.dataFolder);
    try {
      renameSync(this.dataFolder, template);
    } catch (error) {
      if (!existsSync(template)) throw error;
      rmSync(this.dataFolder, { recursive: true });
    }
  }

  private initdbAt(dataFolder: string): void {
    const ordering = ['--locale=C.UTF-8', '--encoding=UTF8', '--locale-provider=icu', '--icu-locale=en-US'];
    const { status, stderr } = spawnSync(
      programPath('initdb'),
      ['-D', dataFolder, '-U', 'postgres', '-A', 'trust', '--no-sync', ...ordering],
      { ...this.identity, cwd: this.folder, encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`initdb failed: ${stderr}`);
  }

  private spawn(program: string, args: readonly string[]): ChildProcess {
    return spawnAsPostgres(program, args, this.folder);
  }

  private get identity(): { uid?: number; gid?: number } {
    const [uid, gid] = this.owner;
    return process.getuid?.() === 0 ? { uid, gid } : {};
  }

  private get owner(): [number, number] {
    return ownerOfServers();
  }
}

/** PostgreSQL and PgBouncer refuse to run as root; their packages bring a user for it. */
export function ownerOfServers(): [number, number] {
  const [uid = 0, gid = 0] = [process.getuid?.(), process.getgid?.()];
  if (uid !== 0) return [uid, gid];
  const id = (flag: string): number =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  return [id('-u'), id('-g')];
}

/** Ends with the test's process, also when that is killed. */
export function spawnAsPostgres(program: string, args: readonly string[], cwd: string): ChildProcess {
  const [uid, gid] = ownerOfServers();
  const user =
    process.getuid?.() === 0 ? [`--reuid=${String(uid)}`, `--regid=${String(gid)}`, '--clear-groups'] : [];
  return spawn('setpriv', [...user, '--pdeathsig=QUIT', programPath(program), ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** Asks on a connection of its own. */
export async function queryOnce(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** @throws Error with what the program wrote, where it ends instead */
export async function untilAnswers(name: string, child: ChildProcess, url: string): Promise<void> {
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-4000)));
  await within(startTimeoutMs, `${name} answers`, async () => {
    if (child.exitCode !== null) throw new Error(`${name} did not start: ${words}`);
    return queryOnce(url, 'select 1').then(
      () => true,
      () => false,
    );
  });
}
