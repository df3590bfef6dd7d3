/** Users whom a commands directory supplies: its executables run, and what they change counts here. */
import { describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UpstreamUsers } from '../../src/commands/upstream-users.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { TestService } from '../support/test-service.js';

type Scripts = Parameters<typeof commandsDirectory>[0];

/** A file for each user, which says whether it is suspended; all calls are noted. */
function userScripts(folder: string): Scripts {
  const users = join(folder, 'users');
  mkdirSync(users);
  writeFileSync(join(users, 'admin'), 'no');
  const noted = (script: string) => `echo "$(basename "$0") $*" >> ${folder}/calls\n${script}`;
  const set = (value: string, code: number) =>
    noted(`[ -f ${users}/$1 ] || exit 3
[ "$(cat ${users}/$1)" = ${value} ] && exit ${String(code)}
printf ${value} > ${users}/$1`);
  return {
    'v-add-user': {
      options: 'USER PASSWORD EMAIL [PACKAGE]',
      script: noted(`[ -f ${users}/$1 ] && exit 4; printf no > ${users}/$1`),
    },
    'v-delete-user': { options: 'USER [RESTART]', script: noted(`rm ${users}/$1 || exit 3`) },
    'v-suspend-user': { options: 'USER [RESTART]', script: set('yes', 5) },
    'v-unsuspend-user': { options: 'USER [RESTART]', script: set('no', 6) },
    'v-list-users': {
      options: '[FORMAT]',
      script: `cd ${users}; comma=; printf '{'
for user in *; do
  printf '%s"%s": {"SUSPENDED": "%s", "CONTACT": "%s@example.com"}' "$comma" "$user" "$(cat "$user")" "$user"; comma=,
done
echo '}'`,
    },
    'v-list-web-domains': { options: 'USER', script: 'echo "web of $1"' },
  };
}

describe('a commands directory with the user family', () => {
  it('supplies the users: its executables run, and count here before the answer', async () => {
    const folder = temporaryFolder();
    const service = await TestService.startOpen([], { COMMANDS_DIR: commandsDirectory(userScripts(folder)) });
    const root = await service.makeKey('admin', '');
    await service.ok('v-add-api', 'webs', 'user', 'v-list-web-domains');
    const add = await service.call(root, 'v-add-user', ['alice', 'correct-horse-1', 'a@example.com']);
    expect(add.code).toBe(0);
    const key = await service.makeKey('alice', 'webs');
    const list = () => service.call(key, 'v-list-web-domains', ['alice']);
    expect((await list()).code).toBe(0);
    expect((await service.call(root, 'v-suspend-user', ['alice'])).code).toBe(0);
    expect(readFileSync(join(folder, 'users/alice'), 'utf8')).toBe('yes');
    expect((await list()).code).toBe(9);
    expect((await service.run('v-unsuspend-user', 'alice')).code).toBe(0);
    expect((await list()).code).toBe(0);
    expect((await service.call(root, 'v-change-user-package', ['alice', 'gold'])).code).toBe(3);
    // What is done to its users without Hearthkey counts at the next look.
    writeFileSync(join(folder, 'users/alice'), 'yes');
    await service.part<UpstreamUsers>(UpstreamUsers).sync();
    expect((await list()).code).toBe(9);
    writeFileSync(join(folder, 'users/bob'), 'no');
    expect((await service.run('v-add-access-key', 'bob', 'webs')).code).toBe(0);
    expect((await service.run('v-add-access-key', 'nobody', 'webs')).code).toBe(3);
    expect((await service.call(root, 'v-delete-user', ['alice'])).code).toBe(0);
    expect((await service.run('v-list-access-key', key.id)).code).toBe(3);
    const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
    expect(calls.map((line) => line.split(' ')[0])).toEqual([
      'v-add-user',
      'v-suspend-user',
      'v-unsuspend-user',
      'v-delete-user',
    ]);
    expect((await service.run('doctor')).stdout).not.toContain('HEARTHKEY_COMMANDS_DIR');
  });
});

describe('a commands directory with a part of the user family', () => {
  it('keeps no users: the log and doctor name what never runs', async () => {
    const folder = temporaryFolder();
    const directory = commandsDirectory(userScripts(folder));
    rmSync(join(directory, 'v-list-users'));
    const service = await TestService.startOpen(['alice'], { COMMANDS_DIR: directory });
    const root = await service.makeKey('admin', '');
    expect((await service.call(root, 'v-suspend-user', ['alice'])).code).toBe(0);
    const names = 'v-add-user, v-delete-user, v-suspend-user, v-unsuspend-user';
    expect(service.log).toContain(`HEARTHKEY_COMMANDS_DIR has ${names}, which never run`);
    const { code, stdout } = await service.run('doctor', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toContainEqual({
      CHECK: 'user_commands',
      SUBJECT: `HEARTHKEY_COMMANDS_DIR: ${names}`,
      PROBLEM: 'never run: the built-in commands of these names do',
      ADVICE: 'add v-list-users, so that the directory supplies the users, or take them away',
    });
  });
});
