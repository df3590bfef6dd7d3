import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/support/folders.js';
import { AccessKeyList } from '../keys/listing/access-key-list.js';
import { AccessKeyPageStore } from '../keys/listing/access-key-page-store.js';
import { KeyUseStore } from '../keys/usage/key-use-store.js';
import { TestStore } from '../../test/support/store.js';
import { RoleDirectory } from '../apis/role-directory.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { describeCommand } from '../catalogue/command-spec.js';
import { ok, type BuiltinCommand } from './builtin-command.js';
import { Completion } from './completion.js';
import { CommandRegistry } from './registry.js';

let completion: Completion;
let keyId: string;

const command = (name: string, options: string, rest: Partial<BuiltinCommand> = {}): BuiltinCommand => ({
  name,
  info: '',
  options,
  examples: [],
  changes: false,
  run: () => Promise.resolve(ok()),
  ...rest,
});

beforeAll(async () => {
  const store = await TestStore.open();
  keyId = (await store.addKey({}, { hash: 'none' })).id;
  const directory = join(temporaryFolder(), 'api');
  mkdirSync(directory);
  for (const name of ['billing', 'mail']) writeFileSync(join(directory, name), "ROLE='user'\n");
  const roles = new RoleDirectory(directory, () => undefined);
  for (const name of ['billing', 'mail']) roles.adopt(name);
  const catalogue = new Catalogue(new Map([['v-known', describeCommand('v-known', '', '')]]), undefined);
  const commands = [
    command('v-add-access-key', 'USER [PERMISSIONS] [COMMENT] [FORMAT]'),
    command('v-delete-access-key', 'ACCESS_KEY_ID'),
    command('v-list-apis', '[FORMAT]'),
    command('v-check', 'COMMAND'),
    command('v-change-sys-config-value', 'KEY VALUE'),
    command('v-list-audit-events', '[FORMAT]', {
      longOptions: [
        { name: 'limit', value: 'N', info: '' },
        { name: 'key', value: 'ID', info: '' },
      ],
    }),
  ];
  const registry = new CommandRegistry(commands, catalogue, {
    rootUser: 'admin',
    isReadOnly: () => Promise.resolve(false),
    onError: () => undefined,
  });
  const pages = new AccessKeyPageStore(store.db);
  const keys = new AccessKeyList(pages, store.keys, new KeyUseStore(store.db));
  completion = new Completion({ registry, catalogue, users: store.users, keys, roles });
});

const candidates = (...words: string[]): Promise<string[]> => completion.candidates(words);

describe('completion', () => {
  it('knows the commands', async () => {
    expect(await candidates('v-list')).toEqual(['v-list-apis', 'v-list-audit-events']);
    expect(await candidates('hearthkey', 'ser')).toEqual(['serve']);
  });

  it('knows what may stand at each place', async () => {
    expect(await candidates('v-add-access-key', '')).toEqual(['admin', 'alice']);
    expect(await candidates('v-add-access-key', 'al')).toEqual(['alice']);
    expect(await candidates('v-add-access-key', 'alice', 'm')).toEqual(['mail']);
    expect(await candidates('v-add-access-key', 'alice', 'mail', 'x')).toEqual([]);
    expect(await candidates('v-add-access-key', 'alice', 'mail', '', 'j')).toEqual(['json']);
    expect(await candidates('v-delete-access-key', '')).toEqual([keyId]);
    expect(await candidates('v-check', 'v-k')).toEqual(['v-known']);
    expect(await candidates('hearthkey', 'v-list-apis', '')).toEqual(['shell', 'json', 'plain']);
  });

  it('knows the values that a setting may have', async () => {
    expect(await candidates('v-change-sys-config-value', 'API_S')).toEqual(['API_SYSTEM']);
    expect(await candidates('v-change-sys-config-value', 'API_SYSTEM', '')).toEqual(['0', '1', '2']);
    expect(await candidates('v-change-sys-config-value', 'toString', '')).toEqual([]);
  });

  it('knows long options', async () => {
    expect(await candidates('v-list-audit-events', '--l')).toEqual(['--limit']);
    expect(await candidates('v-list-apis', '--')).toEqual([]);
  });

  it('knows nothing beyond the arguments of a command, or of a command that is not there', async () => {
    expect(await candidates('v-list-apis', 'json', '')).toEqual([]);
    expect(await candidates('v-nothing', '')).toEqual([]);
    expect(await candidates('hearthkey', 'completion', '')).toEqual(['bash']);
  });
});

describe('the bash script', () => {
  /** What bash would offer, and what it asked for. */
  function complete(words: string[], answer: string): string[] {
    const quoted = words.map((word) => `'${word}'`).join(' ');
    const script = [
      `hearthkey() { printf '%s\\n' "$#" "$@" >&2; printf '%s\\n' ${answer}; }`,
      completion.bashScript().replaceAll('2>/dev/null', ''),
      `COMP_WORDS=(${quoted}); COMP_CWORD=${String(words.length - 1)}`,
      '_hearthkey 2>&1',
      'printf "offered %s\\n" "${COMPREPLY[@]}"',
      'complete -p v-list-apis',
    ].join('\n');
    return execFileSync('/bin/bash', ['-c', script], { encoding: 'utf8' }).trimEnd().split('\n');
  }

  it('asks for the words up to the cursor, and offers what comes back', () => {
    const printed = complete(['/usr/bin/v-add-access-key', 'alice', ''], 'billing mail');
    expect(printed).toEqual([
      '4',
      'complete',
      'v-add-access-key',
      'alice',
      '',
      'offered billing',
      'offered mail',
      'complete -F _hearthkey v-list-apis',
    ]);
  });
});
