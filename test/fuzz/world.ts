/** A service whose users, keys and roles the book knows too, so that it can judge what was allowed. */
import { readFileSync } from 'node:fs';
import { judgeByTheBook } from '../explain/by-the-book.js';
import type { World, WorldKey, WorldRole } from '../explain/world.js';
import type { Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { ServiceProcess } from '../support/processes.js';
import { Finding } from './adapter.js';

/** What the REST dialect's reading routes run. They print JSON. */
const json: Readonly<Record<string, { options: string; script: string }>> = {
  'v-list-web-domains': { options: 'USER [FORMAT]', script: "echo '{}'" },
  'v-list-sys-services': { options: '[FORMAT]', script: `echo '{"nginx": {"STATE": "running"}}'` },
};
/** Commands of the panel; each prints what it was given. */
const panel: Readonly<Record<string, string>> = {
  'v-list-alphas': 'USER',
  'v-add-beta': 'USER DOMAIN',
  'v-list-gammas': '',
  'v-change-delta': 'DOMAIN [USER]',
  'v-get-epsilon': 'USER USER',
};
/** Of Hearthkey itself; they change nothing. */
const builtIn: Readonly<Record<string, string>> = {
  'v-list-api': 'API [FORMAT]',
  'v-list-apis': '[FORMAT]',
  'v-list-user': 'USER [FORMAT]',
};

export const commands: ReadonlyMap<string, string> = new Map([
  ...Object.entries({ ...panel, ...builtIn }),
  ...Object.entries(json).map(([name, { options }]): [string, string] => [name, options]),
]);

/** A changed name can become that of a panel's command, which is known without being there. */
const known: ReadonlyMap<string, string> = new Map([...namedByHestia(), ...commands]);

function namedByHestia(): [string, string][] {
  const file = new URL('../../src/catalogue/hestia-commands.json', import.meta.url);
  const facts = JSON.parse(readFileSync(file, 'utf8')) as { command: string; options: string | null }[];
  return facts.map(({ command, options }) => [command, options ?? '']);
}

const roles: Readonly<Record<string, { role: 'admin' | 'user'; commands: readonly string[] }>> = {
  some: { role: 'user', commands: ['v-list-alphas', 'v-add-beta', 'v-change-delta', 'v-list-user'] },
  sites: { role: 'user', commands: ['v-list-web-domains'] },
  machine: { role: 'admin', commands: ['v-list-sys-services'] },
  few: { role: 'user', commands: ['v-get-epsilon', 'v-list-gammas', 'v-list-api'] },
  high: {
    role: 'admin',
    commands: ['v-list-alphas', 'v-list-gammas', 'v-list-apis', 'v-list-api', 'v-list-user'],
  },
};

/** Of `v-add-access-key`. */
interface Limits {
  isSuspended?: true;
  allowIp?: readonly string[];
  /** That of the REST dialect would be used up at once. */
  isFast?: true;
}

const keys: readonly { user: string; permissions: string; limits?: Limits }[] = [
  { user: 'alice', permissions: 'some' },
  { user: 'alice', permissions: 'some,few' },
  { user: 'bob', permissions: 'few' },
  { user: 'bob', permissions: 'some' },
  { user: 'admin', permissions: 'high' },
  { user: 'admin', permissions: '' },
  { user: 'alice', permissions: 'some,few', limits: { isSuspended: true } },
  { user: 'admin', permissions: '', limits: { allowIp: ['203.0.113.9'] } },
  { user: 'alice', permissions: 'sites', limits: { isFast: true } },
  { user: 'bob', permissions: 'sites', limits: { isFast: true } },
  { user: 'admin', permissions: 'machine', limits: { isFast: true } },
];

export interface KnownKey extends Key {
  facts: WorldKey;
  isFast: boolean;
}

export class KnownWorld {
  private constructor(
    readonly service: ServiceProcess,
    readonly keys: readonly KnownKey[],
    readonly commandsDir: string,
  ) {}

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<KnownWorld> {
    const scripts = Object.entries(panel).map(
      ([name, options]): [string, { options: string; script: string }] => [
        name,
        { options, script: 'echo "$0" "$@"' },
      ],
    );
    const COMMANDS_DIR = commandsDirectory({ ...Object.fromEntries(scripts), ...json });
    const own = { COMMANDS_DIR, FAILURE_LIMIT: '0', LOG_LEVEL: 'error' };
    const service = await ServiceProcess.start({ ...own, ...settings });
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    await service.ok('v-add-sys-api-ip', '127.0.0.0/8');
    for (const user of ['alice', 'bob'])
      await service.ok('v-add-user', user, `pass-word-of-${user}`, 'a@example.com');
    for (const [name, { role, commands }] of Object.entries(roles))
      await service.ok('v-add-api', name, role, commands.join());
    const made: KnownKey[] = [];
    for (const one of keys) made.push(await makeKey(service, one));
    return new KnownWorld(service, made, COMMANDS_DIR);
  }

  /** Whether the documents allow it to a client of this machine that has the right secret. */
  allows(key: KnownKey, command: string, args: readonly string[] | undefined, client = '127.0.0.1'): boolean {
    const question = { mode: 'enforce', isSecretRight: true, client, command, args } as const;
    return judgeByTheBook(this.worldOf(key), question).reasons.length === 0;
  }

  worldOf(key: KnownKey): World {
    const files = Object.entries(roles).map(([name, file]): [string, WorldRole] => [
      name,
      { file: { ...file, safe: [] } },
    ]);
    return {
      ...{ apiSystem: '2', demoMode: 'no', allowedIp: ['127.0.0.0/8'], rootUser: 'admin', nowMs: Date.now() },
      ...{
        key: key.facts,
        makers: [],
        administrators: [],
        owner: 'active',
        isRateLimitUsedUp: false,
        guessing: undefined,
      },
      ...{ roles: new Map(files), commands: known },
    };
  }

  /** Ends the service. @throws Finding where it has logged an error, which no input may cause */
  async end(): Promise<void> {
    const { stdout, stderr } = await this.service.end();
    const errors = (stdout + stderr)
      .split('\n')
      .filter((line) => /"level":(?:50|60)|"level":"(?:error|fatal)"/.test(line));
    if (errors.length > 0) throw new Finding('the service has logged errors', errors.slice(0, 5));
  }

  /** All that a command of a key could have changed. */
  async state(): Promise<string> {
    const lists = [
      'v-list-access-keys',
      'v-list-apis',
      'v-list-users',
      'v-list-sys-api-ips',
      'v-list-api-keys',
      'v-list-sys-config',
    ];
    const texts: string[] = [];
    for (const name of lists) texts.push((await this.service.run(name, 'json')).stdout);
    return texts.join('\n').replace(/"[A-Z_a-z]*(?:LAST|lastUsed)[A-Z_a-z]*": "[^"]*",?/g, '');
  }
}

async function makeKey(
  service: ServiceProcess,
  { user, permissions, limits = {} }: (typeof keys)[number],
): Promise<KnownKey> {
  const key = await service.makeKey(user, permissions);
  const { isSuspended = false, allowIp, isFast = false } = limits;
  if (isFast) await service.ok('v-change-access-key', key.id, '--rate-limit', '1000000/s');
  if (isSuspended) await service.ok('v-suspend-access-key', key.id);
  if (allowIp !== undefined) await service.ok('v-change-access-key', key.id, '--allow-ip', allowIp.join());
  const names = permissions === '' ? [] : permissions.split(',');
  return {
    ...{ ...key, isFast },
    facts: { id: key.id, user, isSuspended, permissions: names, ...(allowIp && { allowIp }) },
  };
}
