/** Several hosts in the URL of the database, of which another one becomes the primary. */
import { beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { decidesNothing } from '../faults/findings.js';
import type { Key } from '../support/client.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { PostgresServer } from '../support/postgres.js';
import { describeWith } from '../support/programs.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const command = 'v-list-mail-domains';
const recoveryMs = 60_000;

/** Requests of a key that is allowed and of one that is not, and changes, on two nodes at once. */
class Load {
  wrong: string[] = [];
  decisions = 0;
  changes = 0;
  private isOver = false;
  private readonly loops: Promise<void>[];

  constructor(
    private readonly nodes: readonly TestService[],
    private readonly allowed: Key,
    private readonly revoked: Key,
  ) {
    this.loops = [
      ...nodes.map((node) => this.repeat(() => this.decide(node))),
      ...nodes.map((node) => this.repeat(() => this.change(node))),
    ];
  }

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.loops);
  }

  private async repeat(work: () => Promise<void>): Promise<void> {
    while (!this.isOver) await work();
  }

  private async decide(node: TestService): Promise<void> {
    const { code } = await node.call(this.allowed, command, ['alice']);
    if (code === 0) this.decisions++;
    else if (!decidesNothing(code)) this.wrong.push(`the allowed key got ${String(code)}`);
    const refused = await node.call(this.revoked, command, ['alice']);
    if (refused.code !== 9 && !decidesNothing(refused.code))
      this.wrong.push(`the revoked one got ${String(refused.code)}`);
  }

  /** What a change has said counts on every node; one that ended with 17 may have been made. */
  private async change(node: TestService): Promise<void> {
    const made = await node.run('v-add-access-key', 'alice', 'mail-accounts', 'load', 'json');
    if (made.code !== 0) return;
    const { ACCESS_KEY_ID: id, SECRET_ACCESS_KEY: secret } = JSON.parse(made.stdout) as Record<
      string,
      string
    >;
    const key: Key = { id: id ?? '', secret: secret ?? '', pair: `${id ?? ''}:${secret ?? ''}` };
    const { code } = await node.run('v-delete-access-key', key.id);
    if (code !== 0) return;
    this.changes++;
    for (const each of this.nodes) {
      const answer = await each.call(key, command, ['alice']);
      if (answer.code === 0) this.wrong.push('a deleted key was allowed');
    }
  }
}

describeWith(
  'initdb',
  'postgres',
  'pg_basebackup',
)('a database of several hosts', () => {
  let first: PostgresServer;
  let second: PostgresServer;
  let settings: Record<string, string>;

  beforeAll(async () => {
    first = await PostgresServer.start();
    const url = new URL(await first.newDatabase());
    second = await first.synchronousStandby();
    const hosts = [first, second].map(({ port }) => `127.0.0.1:${String(port)}`).join(',');
    settings = {
      DATABASE_URL: `postgres://postgres@${hosts}${url.pathname}?target_session_attrs=read-write`,
      PEPPER_FILE: join(temporaryFolder(), 'pepper'),
      COMMANDS_DIR: commandsDirectory({ [command]: { options: 'USER', script: 'echo mail' } }),
      LEASE: '2s',
    };
  });

  const switchOver = async (from: PostgresServer, to: PostgresServer): Promise<void> => {
    await from.stop();
    await to.promote();
    await from.follow(to);
  };

  it('is followed to its new primary, and back, without a wrong answer', async () => {
    const node = await TestService.startOpen(['alice'], settings);
    const other = await TestService.start({ ...settings, DATA_DIR: join(temporaryFolder(), 'data') });
    const allowed = await node.makeKey('alice', 'mail-accounts');
    const revoked = await node.makeKey('alice', 'mail-accounts');
    await node.ok('v-suspend-access-key', revoked.id);
    const load = new Load([node, other], allowed, revoked);
    for (const [from, to] of [
      [first, second],
      [second, first],
    ] as const) {
      await switchOver(from, to);
      const { decisions, changes } = load;
      await within(recoveryMs, 'both nodes decide and change', () =>
        Promise.resolve(load.decisions > decisions + 10 && load.changes > changes + 2),
      );
    }
    await load.end();
    expect(load.wrong).toEqual([]);
    await other.close();
    await node.close();
  });

  it('is found whichever of its hosts is the primary, and a start on standbys alone says so', async () => {
    const [, one = '', two = '', rest = ''] =
      /@([^,]+),([^/]+)(\/.*)$/.exec(settings['DATABASE_URL'] ?? '') ?? [];
    const start = async (hosts: string): Promise<TestService> =>
      TestService.start({
        ...settings,
        DATABASE_URL: `postgres://postgres@${hosts}${rest}`,
        DATA_DIR: join(temporaryFolder(), 'data'),
      });
    await (await start(`${two},${one}`)).close();
    await expect(start(`${two},127.0.0.1:1`)).rejects.toThrow(
      /^the store at 127\.0\.0\.1:\d+,127\.0\.0\.1:1\/store_1 can't be used: none of its hosts takes changes \(127\.0\.0\.1:\d+: it is a standby.*; 127\.0\.0\.1:1: connect ECONNREFUSED.*\); .*promote/,
    );
  });
});
