import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

/** "Within a second": a request that comes this long after the save meets the new state. */
const promisedMs = 1000;
let service: TestService;
let key: Key;
let round = 0;
let role = '';

function text(commands: string, level = 'user', more = ''): string {
  return `ROLE='${level}'\nCOMMANDS='${commands}'\n${more}`;
}

function file(name = role): string {
  return join(service.config.apisDir, name);
}

/** The code of a call of the command by the key that has the role of this test. */
async function codeOf(cmd: string, args = ['alice']): Promise<number> {
  return (await service.call(key, cmd, args)).code;
}

async function meets(cmd: string, code: number): Promise<void> {
  await within(promisedMs, `${cmd} ends with ${String(code)}`, async () => (await codeOf(cmd)) === code);
}

async function grantsOnly(cmd: string): Promise<void> {
  for (const name of ['v-list-one', 'v-list-two']) await meets(name, name === cmd ? 0 : 10);
}

interface Listed {
  ROLE: string;
  COMMANDS: string[];
  PROBLEM?: string;
}

async function listed(name = role): Promise<Listed | undefined> {
  return (JSON.parse(await service.ok('v-list-apis', 'json')) as Record<string, Listed>)[name];
}

beforeAll(async () => {
  const script = 'echo ran';
  const COMMANDS_DIR = commandsDirectory({
    'v-list-one': { options: 'USER', script },
    'v-list-two': { options: 'USER', script },
    'v-list-nobody': { options: '[FORMAT]', script },
  });
  service = await TestService.startOpen(['alice'], { COMMANDS_DIR });
});

beforeEach(async () => {
  role = `role-${String(++round)}`;
  await service.ok('v-add-api', role, 'user', 'v-list-one');
  key = await service.makeKey('alice', role);
});

describe('a role file that is edited by hand', () => {
  it('counts within a second: what it grants now is allowed, what it no longer grants is denied', async () => {
    expect([await codeOf('v-list-one'), await codeOf('v-list-two')]).toEqual([0, 10]);
    writeFileSync(file(), text('v-list-two'));
    await grantsOnly('v-list-two');
  });

  it('counts as well when an editor puts a new file in its place, with the same size and time', async () => {
    const temporary = join(service.dataDir, 'edited');
    writeFileSync(temporary, text('v-list-two'));
    renameSync(temporary, file());
    await grantsOnly('v-list-two');
  });

  it('counts when it is new, and a key can be made with it', async () => {
    writeFileSync(file('by-hand'), text('v-list-two'));
    await within(promisedMs, 'the file counts', async () => (await listed('by-hand'))?.ROLE === 'user');
    expect(await listed('by-hand')).toMatchObject({ ROLE: 'user', COMMANDS: ['v-list-two'] });
    key = await service.makeKey('alice', 'by-hand');
    expect(await codeOf('v-list-two')).toBe(0);
    rmSync(file('by-hand'));
  });

  it('grants nothing within a second after it was removed; the key keeps its name', async () => {
    rmSync(file());
    await meets('v-list-one', 10);
    expect(JSON.parse(await service.ok('v-list-access-key', key.id, 'json'))).toMatchObject({
      PERMISSIONS: [role],
    });
    writeFileSync(file(), text('v-list-one'));
    await meets('v-list-one', 0);
  });

  it('loses its users when it becomes one for the root user alone: the role counts at every use', async () => {
    expect(await codeOf('v-list-one')).toBe(0);
    writeFileSync(file(), text('v-list-one', 'admin'));
    await within(promisedMs, 'the file counts', async () => (await listed())?.ROLE === 'admin');
    expect(await codeOf('v-list-one')).toBe(10);
    expect((await service.run('v-check-access-key', key.id, key.secret, 'v-list-one')).code).toBe(10);
    const root = await service.makeKey('admin', role);
    expect((await service.call(root, 'v-list-one', ['alice'])).code).toBe(0);
  });

  it('without a ROLE grants nothing to users', async () => {
    writeFileSync(file(), "COMMANDS='v-list-one'\n");
    await meets('v-list-one', 10);
  });
});

describe('a role file that is half-written', () => {
  it('is not believed while it grows, and when it is whole it counts', async () => {
    writeFileSync(file(), '');
    const whole = text('v-list-two');
    for (const character of whole.trimEnd().slice(0, -1)) {
      appendFileSync(file(), character);
      expect(await codeOf('v-list-two')).toBe(10);
      await sleep(10);
    }
    appendFileSync(file(), "'\n");
    await grantsOnly('v-list-two');
  });

  it('that stays cut off grants nothing', async () => {
    writeFileSync(file(), "ROLE='user'\nCOMMANDS='v-list-one,v-list-two");
    await meets('v-list-one', 10);
    expect(await codeOf('v-list-two')).toBe(10);
  });
});

describe('a role file that does not parse', () => {
  it.each([
    ['a shell command in it', "ROLE='user'\nCOMMANDS='v-list-one'\nrm -rf /\n"],
    ['a quote without its other', "ROLE='user\nCOMMANDS='v-list-one'\n"],
    ['an unknown name', "ROLE='user'\nCOMMANDS='v-list-one'\nEVAL='x'\n"],
    ['a name with two values', "ROLE='user'\nROLE='admin'\nCOMMANDS='v-list-one'\n"],
    ['an unknown role', "ROLE='root'\nCOMMANDS='v-list-one'\n"],
    ['bytes that are no text', '\u0000\u0001\u0002'],
  ])('because of %s grants nothing, is in v-list-apis and in the log', async (_why, content) => {
    writeFileSync(file(), content);
    await within(promisedMs, 'it is found broken', async () => /\S/.test((await listed())?.PROBLEM ?? ''));
    expect(await codeOf('v-list-one')).toBe(10);
    expect(await service.ok('v-list-apis')).toMatch(new RegExp(`^${role} .*grants nothing`, 'm'));
    expect(service.log).toMatch(new RegExp(`"api":"${role}".*"an API role file grants nothing"`));
    expect((await service.run('v-add-access-key', 'alice', role)).code).not.toBe(0);
    writeFileSync(file(), text('v-list-one'));
    await meets('v-list-one', 0);
  });

  it('has no say about the others', async () => {
    writeFileSync(file('broken'), 'x');
    await within(promisedMs, 'it is found broken', async () =>
      /\S/.test((await listed('broken'))?.PROBLEM ?? ''),
    );
    expect(await codeOf('v-list-one')).toBe(0);
    rmSync(file('broken'));
  });
});

describe('what is no role file', () => {
  it('is left alone: hidden files, folders, copies of editors', async () => {
    for (const name of ['.hidden', `${role}~`, `${role}.bak`, '#x#']) {
      writeFileSync(file(name), text('v-list-two'));
    }
    symlinkSync('/nonexistent', file('dangling'));
    // Written after them, so it does not count before they would.
    writeFileSync(file('seen'), text('v-list-two'));
    await within(promisedMs, 'the last one counts', async () => (await listed('seen'))?.ROLE === 'user');
    rmSync(file('seen'));
    const names = Object.keys(JSON.parse(await service.ok('v-list-apis', 'json')) as object);
    for (const name of ['.hidden', `${role}~`, `${role}.bak`, '#x#', 'dangling']) {
      expect(names).not.toContain(name);
    }
    // Each but the hidden one is named with its reason.
    const whole = await service.askWhole({ command: 'v-list-apis', args: ['json'] });
    const doctor = await service.ok('v-list-findings');
    const noName = 'is ignored: that is no name of an API';
    for (const [name, reason] of [
      [`${role}~`, noName],
      [`${role}.bak`, noName],
      ['#x#', noName],
      ['dangling', 'is ignored: it is a link to nothing'],
    ] as const) {
      expect(whole.stderr).toContain(`API role file ${name} ${reason}`);
      expect(doctor).toContain(`API role file ${name}: ${reason}`);
      expect(service.log).toMatch(new RegExp(`"api":"${name.replace('.', '[.]')}","problem":"${reason}`));
    }
    expect(whole.stderr + doctor).not.toContain('.hidden');
  });

  it('with an empty file or one without COMMANDS is said, too', async () => {
    writeFileSync(file('nothing'), '');
    await within(promisedMs, 'the file counts', async () => {
      const entry = await listed('nothing');
      return entry !== undefined && entry.PROBLEM === undefined;
    });
    const { stdout, stderr } = await service.askWhole({ command: 'v-list-api', args: ['nothing', 'json'] });
    expect(JSON.parse(stdout)).toEqual({ API: 'nothing', ROLE: '', COMMANDS: [] });
    expect(stderr).toBe('API role file nothing grants nothing: it has neither ROLE nor COMMANDS\n');
    rmSync(file('nothing'));
  });
});

describe('a role that a command makes, changes or deletes', () => {
  it('is in force when the command has returned', async () => {
    for (let turn = 0; turn < 5; turn++) {
      await service.ok('v-change-api', role, 'user', 'v-list-two');
      expect([await codeOf('v-list-one'), await codeOf('v-list-two')]).toEqual([10, 0]);
      await service.ok('v-change-api', role, 'user', 'v-list-one');
      expect([await codeOf('v-list-one'), await codeOf('v-list-two')]).toEqual([0, 10]);
    }
    await service.ok('v-delete-api', role);
    expect(await codeOf('v-list-one')).toBe(10);
    await service.ok('v-add-api', role, 'user', 'v-list-one');
    expect(await codeOf('v-list-one')).toBe(0);
  });

  it('is a whole file in the format of Hestia', async () => {
    await service.ok('v-change-api', role, 'user', 'v-list-one, v-list-nobody,v-list-one', 'v-list-nobody');
    expect(readFileSync(file(), 'utf8')).toBe(
      "ROLE='user'\nCOMMANDS='v-list-one,v-list-nobody'\nSAFE='v-list-nobody'\n",
    );
  });

  it.each([
    [['v-add-api'], 1],
    [['v-add-api', '../escape', 'user', 'v-list-one'], 2],
    [['v-add-api', '.hidden', 'user', 'v-list-one'], 2],
    [['v-add-api', 'fresh', 'root', 'v-list-one'], 2],
    [['v-add-api', 'fresh', 'user', 'rm'], 2],
    [['v-add-api', 'fresh', 'user', "v-list-one'\nROLE='admin"], 2],
    [['v-add-api', 'fresh', 'user', 'v-list-one', 'v-list-two'], 2],
    [['v-add-api', 'billing', 'user', 'v-list-one'], 4],
    [['v-change-api', 'fresh', 'user', 'v-list-one'], 3],
    [['v-delete-api', 'fresh'], 3],
    [['v-delete-api', '../pepper'], 2],
    [['v-list-api', 'fresh'], 2],
    [['v-list-api', 'billing', 'xml'], 2],
  ])('bad input %j ends with %i, and no file changes', async ([name = '', ...args], code) => {
    const before = await service.ok('v-list-apis', 'json');
    const answer = await service.run(name, ...args);
    expect(answer.code).toBe(code);
    expect(answer.stdout).toMatch(/\S/);
    expect(await service.ok('v-list-apis', 'json')).toBe(before);
  });
});

describe('SAFE', () => {
  it('lets a user run a command that has no USER argument; COMMANDS alone does not', async () => {
    await service.ok('v-change-api', role, 'user', 'v-list-one,v-list-nobody');
    expect(await codeOf('v-list-nobody', [])).toBe(10);
    await service.ok('v-change-api', role, 'user', 'v-list-one,v-list-nobody', 'v-list-nobody');
    expect(await codeOf('v-list-nobody', [])).toBe(0);
  });

  it('does not free a command that has a USER argument from it', async () => {
    await service.ok('v-change-api', role, 'user', 'v-list-one', 'v-list-one');
    expect(await codeOf('v-list-one', ['admin'])).toBe(10);
    expect(await codeOf('v-list-one', [])).toBe(10);
    expect(await codeOf('v-list-one', ['alice'])).toBe(0);
  });

  it('grants nothing that COMMANDS does not', async () => {
    writeFileSync(file(), text('v-list-one,v-list-two', 'user', "SAFE='v-list-nobody'\n"));
    await meets('v-list-two', 0);
    expect(await codeOf('v-list-nobody', [])).toBe(10);
  });
});
