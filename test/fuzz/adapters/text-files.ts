/** Texts that are read by the service itself: role files, and settings. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RoleDirectory } from '../../../src/apis/role-directory.js';
import { parseRoleFile, formatRoleFile } from '../../../src/apis/role-file.js';
import { ConfigError, loadConfig, settingNames } from '../../../src/config/config.js';
import { parseEnvFile } from '../../../src/config/env-file.js';
import type { Random } from '../../faults/random.js';
import { temporaryFolder } from '../../support/folders.js';
import { Finding, type Adapter } from '../adapter.js';
import { mutated, mutatedBytes, text, word } from '../inputs.js';

/** One that is read within this process, a text at a time. */
function reader(name: string, what: string, tryOne: (random: Random) => string): Adapter {
  return {
    ...{ name, what, atOnce: 1 },
    open: () => Promise.resolve({ try: tryOne, close: () => Promise.resolve() }),
  };
}

const roleLines = [
  ...[
    "ROLE='user'",
    "ROLE='admin'",
    'ROLE=user',
    "COMMANDS='v-list-a,v-add-b'",
    'COMMANDS=v-list-a , v-add-b',
  ],
  ...[
    "SAFE='v-list-a'",
    '# a comment',
    '',
    "COMMANDS=''",
    "OTHER='x'",
    'ROLE="user" # why',
    "\ufeffROLE='user'",
  ],
];

/** Read as the service reads them, from a folder. */
export const roleFiles: Adapter = {
  ...{ name: 'role-files', what: 'API role files in their folder', atOnce: 1 },
  open() {
    const folder = temporaryFolder();
    const directory = new RoleDirectory(folder, () => undefined);
    const close = (): Promise<void> => Promise.resolve();
    return Promise.resolve({ try: (random) => tryRoleFile(folder, directory, random), close });
  },
};

function tryRoleFile(folder: string, directory: RoleDirectory, random: Random): string {
  const lines = Array.from({ length: random.below(6) }, () => word(random, roleLines));
  const whole = lines.join(random.pick(['\n', '\n', '\r\n']));
  const plain = Buffer.from(random.next() < 0.5 ? mutated(random, whole) : whole);
  const written = random.next() < 0.2 ? mutatedBytes(random, plain) : plain;
  writeFileSync(join(folder, 'role'), written);
  directory.adopt('role');
  const entry = directory.find('role');
  if (entry?.role === undefined) {
    if (entry === undefined || entry.problem.endsWith('unknown error'))
      throw new Finding(`not read: ${entry?.problem ?? 'it is not there'}`, written.toString());
    return 'refused';
  }
  const { role, listed, safe, commands } = entry.role;
  if (
    [...safe].some((name) => /[^A-Za-z0-9_.-]/.test(name)) ||
    [...commands].some((name) => /['\n\0]/.test(name))
  )
    throw new Finding('a name that is none was taken', written.toString());
  if (role === undefined) return 'read, no role';
  const again = parseRoleFile(formatRoleFile(role, listed, [...safe]));
  if (again.role !== role || again.listed.join() !== listed.join())
    throw new Finding('read otherwise when it was written again', written.toString());
  return 'read';
}

const values = [
  ...[
    '127.0.0.1:0',
    '[::1]:8183',
    '/run/x.sock',
    '0',
    '1',
    '-1',
    '16',
    '1000000',
    'yes',
    'no',
    'YES',
    '5s',
    '90d',
  ],
  ...[
    'postgres://u:Pa55word-of-tests@127.0.0.1/db',
    'redis://:Pa55word-of-tests@127.0.0.1:6379/0',
    'https://x.example',
  ],
  ...[
    '10.0.0.0/8',
    '10.0.0.1/8,::1',
    'admin',
    'info',
    'second',
    '/tmp/file',
    'rediss://a.example:1',
    'allow-all',
  ],
];
const passwordPart = 'Pa55word-of-tests';

export const settings = reader('settings', 'HEARTHKEY_… variables', (random) => {
  const names = Array.from({ length: 1 + random.below(5) }, () => word(random, settingNames));
  // A file's name would be looked at, and not the value.
  const taken = names.filter((name) => !name.endsWith('_FILE'));
  const given = taken.map((name) => [name, word(random, values).replaceAll('\0', '')]);
  const environment = Object.fromEntries(given) as Record<string, string>;
  try {
    loadConfig(environment);
    return 'read';
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // A mutated one may no longer look like an address with a password.
    const isWhole = Object.values(environment).every(
      (value) => !value.includes(passwordPart) || value.includes(`${passwordPart}@`),
    );
    if (isWhole && error.message.includes(passwordPart))
      throw new Finding('the error tells a password', environment);
    if (!error.message.includes('HEARTHKEY_'))
      throw new Finding(`no variable is named: ${error.message}`, environment);
    return 'refused';
  }
});

const envLines = [
  'A=1',
  'export B=2',
  "C='x # y'",
  'D="a\\nb"',
  'E=x # y',
  'F=x#y',
  '# c',
  '',
  'G=`z`',
  '=1',
  'H',
];

export const envFiles = reader('env-files', 'lines of .env', (random) => {
  const lines = Array.from({ length: random.below(8) }, () => word(random, envLines));
  const whole = [...lines, text(random)].join('\n');
  const { values: read, problems } = parseEnvFile(whole, 'f');
  if (Object.entries(read).some(([name, value]) => !/^\w[\w.]*$/.test(name) || value.includes('\0')))
    throw new Finding('what is no setting was taken', whole);
  return problems.length > 0 ? 'refused' : 'read';
});
