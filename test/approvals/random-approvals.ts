/**
 * Random sequences of changes that need two persons, over every adapter, beside a model that knows only the rule: what
 * a person asks for counts once another person has approved exactly that, and then once.
 */
import { writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../faults/random.js';
import { approvalIn, SudoUser } from '../support/approvers.js';
import type { Key } from '../support/client.js';
import { temporaryFolder } from '../support/folders.js';
import { Person } from '../support/person.js';
import { TestService } from '../support/test-service.js';

export interface ApprovalFindings {
  problems: string[];
  steps: number;
  /** How often a change was asked for, by the credential that asked. */
  asked: Map<string, number>;
  made: number;
  approved: number;
  /** Approvals that were refused, by the credential that approved. */
  refused: Map<string, number>;
}

/** One change in the words of the commands, and as REST v1 has it. */
interface Wanted {
  name: string;
  command: string[];
  rest: { method: string; path: string; body: unknown };
  /** What is seen of it: it is counted before and after. */
  count: () => Promise<number>;
  /** Makes it possible again. */
  undo?: string[];
  /** It is one thing, there or not, so it is undone before it is asked for again. */
  isOnce?: true;
}

type Result = { code: number; text: string };

interface Credential {
  name: string;
  person: string;
  /** A key is nobody: it neither asks nor approves. */
  isKey?: boolean;
  ask: (wanted: Wanted) => Promise<Result>;
  approve: (id: string) => Promise<Result>;
  reject: (id: string) => Promise<Result>;
}

interface Waiting {
  id: string;
  wanted: string;
  person: string;
  approvedBy: string | undefined;
}

const password = 'correct-horse-1';
/** A key without a limit of its own has 120 requests a minute over REST. */
const keysInTurn = 10;

export async function tryApprovals(steps: number, seed: number): Promise<ApprovalFindings> {
  const trial = await ApprovalTrial.begin(new Random(seed));
  try {
    for (let step = 0; step < steps; step++) await trial.step(step);
    return trial.found;
  } finally {
    await trial.service.close();
  }
}

class ApprovalTrial {
  readonly found: ApprovalFindings = {
    ...{ problems: [], steps: 0, asked: new Map(), made: 0, approved: 0, refused: new Map() },
  };
  private waiting: Waiting[] = [];
  private readonly counts = new Map<string, number>();
  private credentials: Credential[] = [];
  private changes: Wanted[] = [];

  private constructor(
    private readonly random: Random,
    readonly service: TestService,
  ) {}

  static async begin(random: Random): Promise<ApprovalTrial> {
    const routes = join(temporaryFolder(), 'routes.json');
    const route = {
      route: 'POST /approvals-trial/allow-all',
      steps: [{ run: ['v-add-sys-api-ip', 'allow-all'] }],
    };
    writeFileSync(routes, JSON.stringify({ routes: [{ ...route, answer: { done: true } }] }));
    const settings = { APPROVALS: '2', REST_ROUTES: routes, FAILURE_LIMIT: '0' };
    const service = await TestService.startOpen(['frank'], settings);
    const trial = new ApprovalTrial(random, service);
    await trial.prepare();
    return trial;
  }

  async step(number: number): Promise<void> {
    this.found.steps++;
    const roll = this.random.next();
    if (roll < 0.55 || this.waiting.length === 0) await this.ask(number);
    else if (roll < 0.9) await this.approve(number);
    else await this.reject(number);
  }

  /** Somebody asks for a change, perhaps again: it is made where another one has approved it, and only then. */
  private async ask(number: number): Promise<void> {
    const credential = this.random.pick(this.credentials);
    // Half of the time for something that waits, so that much is made.
    const own = this.waiting.filter(({ person }) => person === credential.person);
    const name = own.length > 0 && this.random.next() < 0.6 ? this.random.pick(own).wanted : undefined;
    const wanted = this.changes.find((each) => each.name === name) ?? this.random.pick(this.changes);
    const before = this.counts.get(wanted.name) ?? 0;
    if (wanted.isOnce === true && before > 0) await this.undo(wanted);
    add(this.found.asked, credential.name);
    const { code, text } = await credential.ask(wanted);
    const place = this.waiting.findIndex(
      (each) => each.wanted === wanted.name && each.person === credential.person,
    );
    const entry = credential.isKey === true ? undefined : this.waiting[place];
    const told = `step ${String(number)}: ${credential.name} asks for ${wanted.name}`;
    const after = await wanted.count();
    const made = after - (wanted.isOnce === true ? 0 : before);
    if (credential.isKey === true) {
      if (code !== 10 || made !== 0 || approvalIn(text) !== undefined)
        this.report(`${told}: ${String(code)} ${text}`);
      this.counts.set(wanted.name, after);
      return;
    }
    if (entry?.approvedBy !== undefined) {
      if (code !== 0 || made !== 1) this.report(`${told}: approved, yet ${String(code)} ${text}`);
      this.waiting.splice(place, 1);
      this.found.made++;
    } else {
      const id = approvalIn(text);
      if (code !== 10 || id === undefined)
        this.report(`${told}: nobody approved it: ${String(code)} ${text}`);
      if (made !== 0) this.report(`${told}: refused, yet it was made`);
      if (entry !== undefined && entry.id !== id) this.report(`${told}: it has another ID`);
      if (entry === undefined && id !== undefined)
        this.waiting.push({
          id,
          wanted: wanted.name,
          person: credential.person,
          approvedBy: undefined,
        });
    }
    this.counts.set(wanted.name, after);
  }

  private async approve(number: number): Promise<void> {
    const credential = this.random.pick(this.credentials);
    const entry = this.random.pick(this.waiting);
    const { code, text } = await credential.approve(entry.id);
    const may = credential.isKey !== true && credential.person !== entry.person;
    const told = `step ${String(number)}: ${credential.name} approves what ${entry.person} asks`;
    const expected = may ? (entry.approvedBy === undefined ? 0 : 4) : 10;
    if (code !== expected) this.report(`${told}: ${String(code)} in place of ${String(expected)}, ${text}`);
    if (code === 0) {
      entry.approvedBy = credential.person;
      this.found.approved++;
    } else add(this.found.refused, credential.name);
  }

  private async reject(number: number): Promise<void> {
    const credential = this.random.pick(this.credentials);
    const entry = this.random.pick(this.waiting);
    const { code, text } = await credential.reject(entry.id);
    if (code !== (credential.isKey === true ? 10 : 0))
      this.report(`step ${String(number)}: ${credential.name} rejects: ${String(code)} ${text}`);
    if (code === 0) this.waiting = this.waiting.filter((each) => each !== entry);
  }

  private async undo(wanted: Wanted): Promise<void> {
    const [command = '', ...args] = wanted.undo ?? [];
    await this.service.ok(command, ...args);
    this.counts.set(wanted.name, 0);
  }

  private report(problem: string): void {
    this.found.problems.push(problem);
  }

  private async prepare(): Promise<void> {
    const { service } = this;
    const [root, alice, bob] = ['admin', 'alice', 'bob'].map((name) => new SudoUser(service, name)) as [
      SudoUser,
      SudoUser,
      SudoUser,
    ];
    const make = async (by: SudoUser, other: SudoUser, ...words: string[]): Promise<string> => {
      const [command = '', ...args] = words;
      const id = approvalIn((await by.run(command, ...args)).stdout) ?? '';
      await other.run('v-approve-change', id);
      const { code, stdout } = await by.run(command, ...args);
      if (code !== 0) throw new Error(`${words.join(' ')}: ${String(code)} ${stdout}`);
      return stdout;
    };
    await root.run('v-change-user-password', 'admin', password);
    await service.ok('v-change-sys-config-value', 'API', 'yes');
    for (const name of ['alice', 'carol', 'erin'])
      for (const words of [
        ['v-add-user', name, password, `${name}@example.com`, '--role', 'admin'],
        ['v-change-user-password', name, password],
      ])
        await make(bob, root, ...words);
    await make(root, bob, 'v-add-api', 'desk', 'admin', 'v-list-users');
    const pool: Key[] = [];
    for (let number = 0; number < keysInTurn; number++)
      pool.push(
        keyOf(await make(root, bob, 'v-add-access-key', 'admin', '', `root ${String(number)}`, 'plain')),
      );
    const key = pool[0]!;
    const legacy = (await make(root, bob, 'v-generate-api-key')).trim();
    this.changes = changesOf(service);
    for (const wanted of this.changes) this.counts.set(wanted.name, await wanted.count());
    this.credentials = [
      ...[root, alice, bob].map(commandLine),
      ...(await Promise.all(['admin', 'alice', 'carol'].map((user) => inSession(service, user)))),
      overApi('key at /api/', service, { access_key: key.id, secret_key: key.secret }, true),
      overApi('password at /api/', service, { user: 'admin', password }, false),
      overApi('legacy key at /api/', service, { hash: legacy }, true),
      withKeys(service, pool),
      overDialect(service, pool),
    ];
  }
}

function changesOf(service: TestService): Wanted[] {
  const keys = async (comment: string): Promise<number> => {
    const listed = JSON.parse(await service.ok('v-list-access-keys', 'admin', 'json')) as Record<
      string,
      { COMMENT: string }
    >;
    return Object.values(listed).filter(({ COMMENT }) => COMMENT === comment).length;
  };
  const contains = async (text: string, ...command: string[]): Promise<number> =>
    Number((await service.ok(command[0] ?? '', ...command.slice(1))).includes(text));
  const key = (comment: string, permissions: string[]): Wanted => ({
    name: `key ${comment}`,
    command: ['v-add-access-key', 'admin', permissions.join(','), comment],
    rest: { method: 'POST', path: '/v1/access-keys', body: { user: 'admin', permissions, comment } },
    count: () => keys(comment),
  });
  return [
    ...[key('all-1', []), key('all-2', []), key('desk-1', ['desk']), key('desk-2', ['desk'])],
    {
      ...{ name: 'role', command: ['v-add-api', 'rooms', 'admin', 'v-list-users'], isOnce: true },
      rest: {
        method: 'POST',
        path: '/v1/apis',
        body: { name: 'rooms', role: 'admin', commands: ['v-list-users'] },
      },
      count: () => contains('rooms', 'v-list-apis', 'plain'),
      undo: ['v-delete-api', 'rooms'],
    },
    {
      ...{ name: 'administrator', command: ['v-change-user-role', 'frank', 'admin'], isOnce: true },
      rest: { method: 'PUT', path: '/v1/users/frank/role', body: { role: 'admin' } },
      count: () => contains('"ROLE": "admin"', 'v-list-user', 'frank', 'json'),
      undo: ['v-change-user-role', 'frank', 'user'],
    },
    {
      ...{ name: 'allow-all', command: ['v-add-sys-api-ip', 'allow-all'], isOnce: true },
      rest: { method: 'POST', path: '/v1/allowed-ips', body: { address: 'allow-all' } },
      count: () => contains('allow-all', 'v-list-sys-api-ips', 'plain'),
      undo: ['v-delete-sys-api-ip', 'allow-all'],
    },
  ];
}

function commandLine(person: SudoUser): Credential {
  const run = async (...words: string[]): Promise<Result> => {
    const { code, stdout } = await person.run(words[0] ?? '', ...words.slice(1));
    return { code, text: stdout };
  };
  return {
    ...{ name: `${person.name} at the command line`, person: person.name },
    ask: ({ command }) => run(...command),
    approve: (id) => run('v-approve-change', id),
    reject: (id) => run('v-reject-change', id),
  };
}

/** Changes of administrators that their sessions do not reach are asked for at the command line, as them. */
async function inSession(service: TestService, user: string): Promise<Credential> {
  const person = new Person(service);
  const answer = await person.logIn({ user, password });
  if (answer.status !== 201) throw new Error(answer.text);
  const result = async (method: string, path: string, body?: unknown): Promise<Result> =>
    resultOf(await person.send(method, path, body));
  const isRoot = user === 'admin';
  return {
    ...{ name: `session of ${user}`, person: user },
    ask: (wanted) =>
      isRoot
        ? result(wanted.rest.method, wanted.rest.path, wanted.rest.body)
        : commandLine(new SudoUser(service, user)).ask(wanted),
    approve: (id) => result('POST', `/v1/approvals/${id}/approve`),
    reject: (id) => result('DELETE', `/v1/approvals/${id}`),
  };
}

function overApi(
  name: string,
  service: TestService,
  credential: Record<string, string>,
  isKey: boolean,
): Credential {
  const run = async (cmd: string, args: readonly string[]): Promise<Result> => {
    const named = Object.fromEntries(args.map((arg, index) => [`arg${String(index + 1)}`, arg]));
    const { code, body } = await service.api({ ...credential, returncode: 'no', cmd, ...named });
    // Legacy credentials are told no code beside the text.
    const told = !body.startsWith('Error') ? 0 : body.includes('already') ? 4 : 10;
    return { code: Number.isNaN(code) ? told : code, text: body };
  };
  return {
    ...{ name, person: 'admin', isKey },
    ask: ({ command: [cmd = '', ...args] }) => run(cmd, args),
    approve: (id) => run('v-approve-change', [id]),
    reject: (id) => run('v-reject-change', [id]),
  };
}

function withKeys(service: TestService, pool: readonly Key[]): Credential {
  let turn = 0;
  const result = async (method: string, path: string, body?: unknown): Promise<Result> => {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const credential = { Authorization: `Bearer ${pool[turn++ % pool.length]!.pair}` };
    const headers = { ...credential, ...(sent !== undefined && { 'Content-Type': 'application/json' }) };
    const answer = await inTurn(() => service.request(method, path, sent, { headers }));
    const json: unknown = answer.body === '' ? undefined : JSON.parse(answer.body);
    return resultOf({ ...answer, text: answer.body, json });
  };
  return {
    ...{ name: 'key at REST v1', person: 'admin', isKey: true },
    ask: ({ rest: { method, path, body } }) => result(method, path, body),
    approve: (id) => result('POST', `/v1/approvals/${id}/approve`),
    reject: (id) => result('DELETE', `/v1/approvals/${id}`),
  };
}

/** One change has a route of the REST dialect; the others are asked for by command. */
function overDialect(service: TestService, pool: readonly Key[]): Credential {
  const key = pool[0]!;
  let turn = 0;
  const api = overApi(
    'key at the REST dialect',
    service,
    { access_key: key.id, secret_key: key.secret },
    true,
  );
  return {
    ...api,
    ask: async (wanted) => {
      if (wanted.name !== 'allow-all') return api.ask(wanted);
      const headers = { Authorization: `Bearer ${pool[turn++ % pool.length]!.pair}` };
      const answer = await inTurn(() =>
        service.request('POST', '/api/approvals-trial/allow-all', undefined, { headers }),
      );
      const { code } = JSON.parse(answer.body) as { code?: number };
      return { code: answer.status === 200 ? 0 : (code ?? answer.status), text: answer.body };
    },
  };
}

/** Waits where a key has used up its requests. */
async function inTurn<T extends { status: number; headers: IncomingHttpHeaders }>(
  send: () => Promise<T>,
): Promise<T> {
  for (;;) {
    const answer = await send();
    if (answer.status !== 429) return answer;
    await sleep(1000 * Number(answer.headers['retry-after'] ?? 1));
  }
}

function resultOf({ status, text, json }: { status: number; text: string; json: unknown }): Result {
  const code = (json as { code?: number } | undefined)?.code;
  return { code: status < 300 ? 0 : (code ?? status), text };
}

function keyOf(pair: string): Key {
  const [id = '', secret = ''] = pair.trim().split(':');
  return { id, secret, pair: pair.trim() };
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
