/** People of a panel: its own command judges their passwords, and what it does to them ends their sessions. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PanelTree } from '../support/panel-tree.js';
import { Person } from '../support/person.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

let tree: PanelTree;
let service: TestService;

/** The panel keeps each password in a file, and notes each question. */
function writeCommand(name: string, options: string, script: string): void {
  const file = join(tree.root, 'bin', name);
  const head = `#!/bin/sh\n# info: ${name} of the panel\n# options: ${options}\nusers=${tree.root}/data/users\n`;
  writeFileSync(file, `${head}${script}\n`);
  chmodSync(file, 0o755);
}

beforeAll(async () => {
  tree = new PanelTree(['alice', 'bob', 'carol', 'dave']);
  writeCommand(
    'v-change-user-password',
    'USER PASSWORD',
    '[ -d "$users/$1" ] || exit 3; printf %s "$2" > "$users/$1/password"',
  );
  writeCommand(
    'v-check-user-password',
    'USER PASSWORD [IP] [RETURN_HASH]',
    `echo "$1 from $3" >> ${tree.root}/asked
[ -d "$users/$1" ] || exit 3
[ "$(cat "$users/$1/password" 2>/dev/null)" = "$2" ] || exit 9`,
  );
  service = await TestService.start({ HESTIA_ROOT: tree.root, FAILURE_LIMIT: '0' });
  for (const user of ['admin', 'alice', 'bob', 'carol', 'dave'])
    await service.ok('v-change-user-password', user, `${user}-horse-1`);
});

const logIn = async (user: string, password = `${user}-horse-1`): Promise<Person & { status: number }> => {
  const person = new Person(service);
  const { status } = await person.logIn({ user, password });
  return Object.assign(person, { status });
};

describe('a user of a panel', () => {
  it('logs in with the password that the panel knows', async () => {
    const alice = await logIn('alice');
    expect([alice.status, await alice.isIn()]).toEqual([201, true]);
    expect((await logIn('admin')).status).toBe(201);
    expect((await logIn('alice', 'wrong-horse-1')).status).toBe(401);
    expect((await logIn('nobody')).status).toBe(401);
    expect(readFileSync(join(tree.root, 'asked'), 'utf8').split('\n')[0]).toBe('alice from 127.0.0.1');
  });

  it('is not asked about where what was sent can be no name, or is a path that the panel would read', async () => {
    const asked = () => readFileSync(join(tree.root, 'asked'), 'utf8');
    const before = asked();
    for (const [user, password] of [
      ...([
        ['-x', 'x'],
        ['a b', 'x'],
        ['../alice', 'x'],
        ['alice', ''],
        ['alice', 'a\nb'],
      ] as const),
      ...([
        ['alice', '/tmp/password'],
        ['alice', 'a\0b'],
        ['alice', 'x'.repeat(1025)],
      ] as const),
    ])
      expect([400, 401]).toContain((await logIn(user, password)).status);
    expect(asked()).toBe(before);
  });

  it('has no session any more once another password was set, be it the root user', async () => {
    for (const user of ['alice', 'admin']) {
      const person = await logIn(user);
      await service.ok('v-change-user-password', user, 'another-horse-2');
      expect(await person.isIn()).toBe(false);
      expect((await logIn(user)).status).toBe(401);
      expect((await logIn(user, 'another-horse-2')).status).toBe(201);
    }
  });

  it('has none once he was suspended or deleted by command', async () => {
    const bob = await logIn('bob');
    await service.ok('v-suspend-user', 'bob');
    expect(await bob.isIn()).toBe(false);
    expect((await logIn('bob')).status).toBe(401);
    await service.ok('v-unsuspend-user', 'bob');
    expect(await bob.isIn()).toBe(false);
    const again = await logIn('bob');
    await service.ok('v-delete-user', 'bob');
    expect(await again.isIn()).toBe(false);
  });

  it('is refused soon after the panel itself has suspended or deleted him', async () => {
    const carol = await logIn('carol');
    tree.writeUser('carol', 'yes');
    await within(1000, 'a suspended user is refused', async () => !(await carol.isIn()));
    const dave = await logIn('dave');
    rmSync(join(tree.root, 'data/users/dave'), { recursive: true });
    await within(1000, 'a user who is gone is refused', async () => !(await dave.isIn()));
  });

  it('is told where the panel can not be asked, and the log has why', async () => {
    writeCommand('v-check-user-password', 'USER PASSWORD [IP] [RETURN_HASH]', 'exit 10');
    const answer = await new Person(service).logIn({ user: 'alice', password: 'another-horse-2' });
    expect([answer.status, answer.json['reason']]).toEqual([503, 'panel_unavailable']);
    expect(service.log).toContain('v-check-user-password of the panel ended with 10');
  });
});
