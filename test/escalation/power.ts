/** What a credential may do: by the documents, and as the service decides. */
import { judgeByTheBook } from '../explain/by-the-book.js';
import type { Question, World, WorldKey } from '../explain/world.js';
import { mostIn } from '../explain/book/quotas.js';
import type { Client, Key } from '../support/client.js';
import { makersOf, type KeyRows } from './key-rows.js';
import { administrator, newcomer, roles, rolesFor, rootUser, users, type Stage } from './stage.js';

/** A request: what is asked, and from where. */
export interface Asked {
  command: string;
  args: readonly string[];
  client: string;
}

export const clients: readonly string[] = ['127.0.0.1', '127.0.0.2'];

const names = [...users, rootUser, newcomer];
const domains = ['x.example', 'y.example'];

/** What is asked of every credential: each command with every user and every argument that a role can hold. */
export const questions: readonly Asked[] = [
  ...[...names.map((user) => ask('v-list-alphas', user)), ask('v-list-alphas')],
  ...names.flatMap((user) => domains.map((domain) => ask('v-add-beta', user, domain))),
  ...[ask('v-list-gammas'), ask('v-list-users'), ask('v-list-apis')],
  ...names.flatMap((user) => domains.map((domain) => ask('v-change-delta', domain, user))),
  ...names.flatMap((user) => [ask('v-get-epsilon', user, user), ask('v-list-user', user)]),
  ...names.flatMap((user) => [ask('v-add-access-key', user), ask('v-delete-access-keys', user)]),
  ...names.flatMap((user) => [
    ask('v-delete-user', user),
    ask('v-change-user-password', user, 'a-new-one-1'),
  ]),
  ...[ask('v-add-user', newcomer, 'a-new-one-1', 'm@example.com'), ask('v-change-user-role', 'bob', 'admin')],
  ...[ask('v-change-access-key', 'x'.repeat(20), 'COMMENT', 'x'), ask('v-derive-access-key', '', '15m')],
  ...[ask('v-add-api', 'mine', 'user', 'v-list-users'), ask('v-generate-api-key')],
  ...[ask('v-change-sys-config-value', 'API', 'yes'), ask('v-add-sys-api-ip', 'allow-all')],
].flatMap((asked) => clients.map((client) => ({ ...asked, client })));

function ask(command: string, ...args: string[]): Omit<Asked, 'client'> {
  return { command, args };
}

/** Whether the documents allow it to one of these keys, with the keys that made each. */
export class Power {
  private readonly known = new Map<string, boolean>();

  constructor(private readonly worlds: readonly World[]) {}

  /** Of a key as it stands. */
  static ofKey(stage: Stage, rows: KeyRows, id: string): Power {
    const row = rows.get(id);
    return new Power(row === undefined ? [] : [worldOf(stage, row.facts, makersOf(row, rows))]);
  }

  /** Of somebody who has logged in: he gives his keys what he likes of the roles that they can have. */
  static ofPerson(stage: Stage, user: string): Power {
    const permissions = user === rootUser ? [] : rolesFor(user);
    return new Power([worldOf(stage, { id: '', user, permissions, isSuspended: false }, [])]);
  }

  /** The same with that of everybody whose password it may set: who has a password can log in (docs/access-keys.md). */
  withLogins(stage: Stage): Power {
    const asks = (command: string, user: string) =>
      clients.some((client) =>
        this.allows({ command, args: [user, 'a-new-one-1', 'm@example.com'], client }),
      );
    const reached = names.filter((user) => asks('v-change-user-password', user) || asks('v-add-user', user));
    return new Power([...this.worlds, ...reached.flatMap((user) => Power.ofPerson(stage, user).worlds)]);
  }

  allows({ command, args, client }: Asked): boolean {
    const text = JSON.stringify([command, args, client]);
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const question: Question = { mode: 'enforce', isSecretRight: true, client, command, args };
    const isAllowed = this.worlds.some((world) => judgeByTheBook(world, question).reasons.length === 0);
    this.known.set(text, isAllowed);
    return isAllowed;
  }

  /** Whether this one can do all that the other can, as far as the questions tell. */
  covers(other: Power): boolean {
    return questions.every((asked) => !other.allows(asked) || this.allows(asked));
  }

  /** The limits of a key that go beyond those of all worlds; undefined: none does. */
  widerLimit(rows: KeyRows, id: string): string | undefined {
    const row = rows.get(id);
    if (row === undefined || this.worlds.length === 0) return undefined;
    const own = limitsOf([row.facts, ...makersOf(row, rows)]);
    const wider = this.worlds.map(({ key, makers }) => {
      const most = limitsOf([...(key === undefined ? [] : [key]), ...makers]);
      if (own.endsAtMs > most.endsAtMs) return 'it ends later';
      if (own.perMinute > most.perMinute) return 'it has more requests in a minute';
      return own.perMonth > most.perMonth ? 'it has a larger quota' : undefined;
    });
    return wider.includes(undefined) ? undefined : wider[0];
  }
}

function worldOf({ commands }: Stage, key: WorldKey, makers: readonly WorldKey[]): World {
  const files = Object.entries(roles).map(([name, file]) => [name, { file }] as const);
  return {
    ...{ apiSystem: '2', demoMode: 'no', allowedIp: ['127.0.0.0/8'], rootUser, nowMs: Date.now() },
    ...{ key, makers, owner: 'active', administrators: [administrator] },
    ...{ isRateLimitUsedUp: false, guessing: undefined, roles: new Map(files), commands },
  };
}

function limitsOf(chain: readonly WorldKey[]) {
  const least = (values: (number | undefined)[]): number =>
    Math.min(...values.map((value) => value ?? Infinity));
  return {
    endsAtMs: least(chain.map(({ expiresAtMs }) => expiresAtMs)),
    perMinute: least(chain.map(({ perMinute }) => perMinute)),
    perMonth: least(chain.map(({ quota }) => quota && mostIn(quota, 'month'))),
  };
}

/** AuthZEN takes so many at once. */
const atOnce = 100;

/** The questions that the service allows to this key. */
export async function allowedBy(service: Client, { id, secret }: Key): Promise<Asked[]> {
  const allowed: Asked[] = [];
  for (let from = 0; from < questions.length; from += atOnce) {
    const some = questions.slice(from, from + atOnce);
    const body = {
      subject: { type: 'access_key', id, properties: { secretAccessKey: secret } },
      action: { name: 'run' },
      evaluations: some.map(({ command, args, client }) => ({
        resource: { type: 'command', id: command, properties: { args } },
        context: { clientIp: client },
      })),
    };
    const headers = { 'Content-Type': 'application/json' };
    const answer = await service.request('POST', '/access/v1/evaluations', JSON.stringify(body), { headers });
    const { evaluations } = JSON.parse(answer.body) as { evaluations?: { decision: boolean }[] };
    if (evaluations?.length !== some.length) throw new Error(`no decisions: ${answer.body}`);
    allowed.push(...some.filter((_, index) => evaluations[index]?.decision));
  }
  return allowed;
}
