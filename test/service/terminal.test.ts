/** What a client sent is shown to an operator: no character of it is obeyed, and no value looks like a row. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { TestService } from '../support/test-service.js';

const command = 'v-list-mail-domains';
const row = '2026-01-01T00:00:00.000Z  decision  allow  admin';
const nasty = `\u001b]0;owned\u0007\u009b31m\u202egnp.exe\u2066\u061c\u2028\u007f\t\\x1b\r\n${row}`;
/** Whatever isn't a line end or a tab of our own. */
const obeyed = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
let service: TestService;
let root: Key;

beforeAll(async () => {
  const COMMANDS_DIR = commandsDirectory({
    [command]: { options: 'USER [DOMAIN]', script: 'printf "\\033[31mred\\n"' },
    'v-list-nasty': { options: 'WHAT\u001b[31m\u202ethings', script: 'exit 0' },
  });
  service = await TestService.startOpen(['alice'], { COMMANDS_DIR });
  root = await service.makeKey('admin', '');
  await service.call(root, command, ['alice', nasty]);
});

describe('an argument that a terminal would obey', () => {
  it('is one row of the record, with everything in it shown', async () => {
    const listed = await service.ok('v-list-audit-events', '--type', 'decision', '--key', root.id);
    expect(listed).not.toMatch(obeyed);
    const lines = listed.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    const shown =
      '\\x1b]0;owned\\x07\\u009b31m\\u202egnp.exe\\u2066\\u061c\\u2028\\u007f\\x09\\x5cx1b\\x0d\\x0a2026-01-01';
    expect(lines[2]).toContain(`${command} alice ${shown}`);
  });

  it('is one row of as many cells in the plain format', async () => {
    const listed = await service.ok('v-list-audit-events', 'plain', '--type', 'decision', '--key', root.id);
    expect(listed).not.toMatch(obeyed);
    expect(listed.split('\n').map((line) => line.split('\t').length)).toEqual([8, 1]);
  });

  it('is escaped as JSON, and the same value', async () => {
    const listed = await service.ok('v-list-audit-events', 'json', '--type', 'decision', '--key', root.id);
    expect(listed).not.toMatch(obeyed);
    expect(JSON.parse(listed)).toMatchObject([{ args: ['alice', nasty] }]);
  });

  it('is shown in the same way to a client of the API', async () => {
    for (const format of ['', 'plain']) {
      const { body } = await service.call(root, 'v-list-audit-events', [format]);
      expect(body).toContain('\\x1b]0;owned');
      expect(body).not.toMatch(obeyed);
      expect(body.split('\n').some((line) => line.startsWith('2026-01-01'))).toBe(false);
    }
  });
});

describe('a text that repeats what was sent', () => {
  const x = `x\u001b[0m\u202e\n${row}`;
  it.each<[string, string[]]>([
    ['v-list-users', [x]],
    ['v-list-access-key', [x]],
    ['v-list-access-keys', [x]],
    ['v-add-access-key', ['admin', x, 'y']],
    ['v-add-access-key', ['admin', '', x]],
    ['v-list-user', [x]],
    ['v-suspend-user', [x]],
    ['v-list-api', [x]],
    ['v-add-api', [x, 'user', 'v-list-user']],
    ['v-add-api', ['z', 'user', x]],
    ['v-add-sys-api-ip', [x]],
    ['v-change-sys-config-value', [x, x]],
    ['v-check-access-key', ['x', x, x]],
    ['v-check-access-key', ['x', 'x', 'v-x', x]],
    ['v-check-api-key', [x]],
    ['v-explain-access', [x, x]],
    ['v-list-commands', [x]],
    ['v-list-audit-events', [x]],
    ['v-list-audit-events', ['--since', x]],
    ['v-list-audit-events', [`--${x}`]],
    ['v-make-tmp-file', ['text', x]],
    ['v-revoke-api-key', [x]],
    [x, []],
    ['restore', [x]],
    ['import', ['--from', x]],
    ['doctor', [x]],
  ])('(%s %j) shows it', async (name, args) => {
    const { stdout } = await service.run(name, ...args);
    expect(stdout).not.toMatch(obeyed);
    expect(stdout.split('\n').filter((line) => line.startsWith('2026-01-01'))).toEqual([]);
    if (!name.startsWith('v-list') || name.startsWith('v-list-a')) return;
    const answer = await service.call(root, name, args);
    expect(answer.body).not.toMatch(obeyed);
  });
});

it('what a command of a panel says of itself is shown, too', async () => {
  const listed = await service.ok('v-list-commands', 'v-list-nasty');
  expect(listed).toContain('WHAT\\x1b[31m\\u202ethings');
  const asJson = await service.ok('v-list-commands', 'v-list-nasty', 'json');
  expect(JSON.parse(asJson)).toMatchObject({ 'v-list-nasty': { OPTIONS: 'WHAT\u001b[31m\u202ethings' } });
  expect(asJson).not.toMatch(obeyed);
});

it("what a panel's command printed is passed on to a client as it is", async () => {
  expect((await service.call(root, command, ['alice'])).body).toBe('\u001b[31mred');
});
