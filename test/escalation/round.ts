/** One attacker: what he tries, what he gets, and how that is judged. */
import type { Random } from '../faults/random.js';
import type { Key } from '../support/client.js';
import { Person } from '../support/person.js';
import { randomAttacker, type Attacker } from './attackers.js';
import { randomAttempt, type Attempt } from './attempts.js';
import { nameOf, send, type Credential, type Outcome } from './credentials.js';
import { makersOf, type KeyRows } from './key-rows.js';
import { allowedBy, clients, Power, questions, type Asked } from './power.js';
import type { Stage } from './stage.js';

export interface EscalationFindings {
  problems: string[];
  /** How many began, by kind. */
  attackers: Map<string, number>;
  attempts: number;
  /** How many came to something, by adapter. */
  done: Map<string, number>;
  /** Keys and sessions that attackers got. */
  obtained: number;
  /** Questions to what they got and changed, and how many were allowed. */
  asked: number;
  allowed: number;
}

const attemptsOfOne = 14;

export class Round {
  private readonly held: Credential[];
  /** Of all keys that there are or were, as far as somebody knows them. */
  private readonly secrets: Map<string, Key>;
  private readonly told: string[] = [];
  /** What the key may do with which it began, as far as an operator has left it that. */
  private present: Power;
  private rows: KeyRows;

  private constructor(
    private readonly stage: Stage,
    private readonly random: Random,
    private readonly found: EscalationFindings,
    private readonly number: number,
    private readonly attacker: Attacker,
    private readonly before: { rows: KeyRows; whole: string; users: ReadonlyMap<string, string> },
    private readonly legacyIds: readonly string[],
  ) {
    this.held = [attacker.credential];
    this.secrets = new Map(stage.standing.map((key) => [key.id, key]));
    this.present = attacker.power;
    this.rows = before.rows;
  }

  static async begin(
    stage: Stage,
    random: Random,
    found: EscalationFindings,
    number: number,
  ): Promise<Round> {
    const attacker = await randomAttacker(stage, random);
    add(found.attackers, attacker.kind);
    const [rows, whole, users] = [await stage.rows(), await stage.whole(), await stage.entriesOfUsers()];
    const legacy = JSON.parse(await stage.service.ok('v-list-api-keys', 'json')) as object;
    return new Round(stage, random, found, number, attacker, { rows, whole, users }, Object.keys(legacy));
  }

  /** @returns IDs of keys of others that are no longer as they were */
  async run(): Promise<ReadonlySet<string>> {
    const narrowedAt = this.random.next() < 0.5 ? Math.floor(attemptsOfOne * 0.7) : undefined;
    for (let step = 0; step < attemptsOfOne; step++) {
      if (step === narrowedAt && this.attacker.keyId !== undefined) await this.narrow();
      await this.attempt();
    }
    await this.judgeHeld();
    await this.judgeState();
    return this.judgeOthers();
  }

  private async attempt(): Promise<void> {
    const { random, stage, attacker } = this;
    const credential = random.next() < 0.5 ? attacker.credential : random.pick(this.held);
    const own = this.ownKeys().map(({ id }) => id);
    const ids = [...this.rows.keys()];
    const { user, permissions } = attacker;
    const known = {
      random,
      ids,
      own: own.length === 0 ? ids : own,
      legacyIds: this.legacyIds,
      user,
      permissions,
    };
    const attempt = randomAttempt(known);
    const client = random.pick(clients);
    const outcome = await send(stage.service, credential, attempt, { client, random });
    if (outcome === undefined) return;
    this.found.attempts++;
    const asked = { command: attempt.command, args: attempt.args, client };
    const words = `${nameOf(credential)} ${outcome.adapter} ${attempt.command} ${JSON.stringify(attempt.rest?.body ?? attempt.args)} ${attempt.rest?.path ?? ''}`;
    this.told.push(`${words}: ${outcome.isDone ? 'done' : outcome.text.slice(0, 60).trim()}`);
    if (outcome.isDone) add(this.found.done, outcome.adapter);
    if (outcome.isDone && credential.kind === 'key' && !this.limitOf(credential.key.id).allows(asked))
      this.report('a command was run that the documents deny to the first key');
    await this.take(credential, attempt, outcome);
  }

  /** Keeps what came of it, and asks what that may do. */
  private async take(by: Credential, { login }: Attempt, { isDone, keys }: Outcome): Promise<void> {
    for (const key of keys) {
      this.found.obtained++;
      this.secrets.set(key.id, key);
      const place = this.held.findIndex((each) => each.kind === 'key' && each.key.id === key.id);
      const credential = { kind: 'key', key } as const;
      if (place < 0) this.held.push(credential);
      else this.held[place] = credential;
      if (by === this.attacker.credential && key.id === this.attacker.keyId)
        this.attacker.credential = credential;
    }
    if (!isDone) return;
    if (login !== undefined) {
      const person = new Person(this.stage.service);
      if ((await person.logIn(login)).status === 201) {
        this.found.obtained++;
        this.held.push({ kind: 'session', user: login.user, person });
      }
    }
    this.rows = await this.stage.rows();
    await this.judgeHeld();
  }

  /** An operator takes something from the key that it began with: what came of that key loses it, too. */
  private async narrow(): Promise<void> {
    const { stage, random, attacker } = this;
    const id = attacker.keyId ?? '';
    const { permissions = [] } = this.rows.get(id)?.facts ?? {};
    const fewer = permissions.slice(0, Math.max(1, permissions.length - 1)).join();
    const words = random.pick([
      ['v-suspend-access-key', id],
      ['v-change-access-key', id, 'PERMISSIONS', fewer],
      ['v-change-access-key', id, '--allow-ip', '127.0.0.2'],
      ['v-change-access-key', id, '--only', 'DOMAIN=x.example'],
      ['v-delete-access-key', id],
    ]) as [string, ...string[]];
    this.told.push(`an operator: ${words.join(' ')}`);
    await stage.service.run(...words);
    this.rows = await stage.rows();
    this.present = Power.ofKey(stage, this.rows, id);
    await this.judgeHeld();
  }

  /** What this key may do at most: less than at the beginning, where the first key made it and has less by now. */
  private limitOf(id: string): Power {
    const { keyId, power } = this.attacker;
    const row = this.rows.get(id);
    const chain = [id, ...(row === undefined ? [] : makersOf(row, this.rows).map((maker) => maker.id))];
    return keyId !== undefined && chain.includes(keyId) ? this.present : power;
  }

  private ownKeys(): Key[] {
    return this.held.flatMap((each) => (each.kind === 'key' ? [each.key] : []));
  }

  private async judgeHeld(): Promise<void> {
    for (const key of this.ownKeys()) {
      const limit = this.limitOf(key.id);
      await this.judgeKey(key, (asked) => limit.allows(asked));
      const wider = limit.widerLimit(this.rows, key.id);
      if (wider !== undefined) this.report(`key ${key.id} is stronger: ${wider}`);
    }
  }

  private async judgeKey(key: Key, mayBe: (asked: Asked) => boolean): Promise<void> {
    const allowed = await allowedBy(this.stage.service, key);
    this.found.asked += questions.length;
    this.found.allowed += allowed.length;
    const beyond = allowed.find((asked) => !mayBe(asked));
    if (beyond !== undefined) this.report(`key ${key.id} is allowed ${JSON.stringify(beyond)}`);
  }

  private async judgeState(): Promise<void> {
    const { stage, before, attacker } = this;
    if ((await stage.whole()) !== before.whole)
      this.report('roles, switches, addresses or administrators changed');
    const users = await stage.entriesOfUsers();
    for (const name of new Set([...before.users.keys(), ...users.keys()])) {
      if (users.get(name) === before.users.get(name)) continue;
      const mayTouch = peopleCommands.some((command) =>
        clients.some((client) =>
          attacker.power.allows({ command, args: [name, 'a-new-one-1', 'm@example.com'], client }),
        ),
      );
      if (!mayTouch) this.report(`the user ${name} is another one`);
    }
  }

  /** Keys of others: those that may do more than the first key are as they were. */
  private async judgeOthers(): Promise<ReadonlySet<string>> {
    const { stage, before, attacker, secrets } = this;
    this.rows = await stage.rows();
    const changed = new Set<string>();
    for (const [id, { text, facts }] of before.rows) {
      if (id === attacker.keyId || this.rows.get(id)?.text === text) continue;
      changed.add(id);
      const own = Power.ofKey(stage, before.rows, id);
      const hasUserGone = clients.some((client) =>
        attacker.power.allows({ command: 'v-delete-user', args: [facts.user], client }),
      );
      const isGone = !this.rows.has(id);
      if (!attacker.power.covers(own) && !(isGone && hasUserGone))
        this.report(`key ${id}, which may do more, is ${isGone ? 'gone' : 'another one'}: ${text}`);
      const key = secrets.get(id);
      if (key !== undefined && !isGone)
        await this.judgeKey(key, (asked) => own.allows(asked) || attacker.power.allows(asked));
    }
    for (const id of this.rows.keys())
      if (!before.rows.has(id) && !secrets.has(id))
        this.report(`key ${id} is new, and nobody got its secret`);
    return changed;
  }

  private report(problem: string): void {
    const { number, attacker, told, found } = this;
    const of = this.before.rows.get(attacker.keyId ?? '')?.text ?? '';
    found.problems.push(
      `round ${String(number)}, ${attacker.kind} ${of}: ${problem}; ${told.slice(-6).join('; ')}`,
    );
  }
}

const peopleCommands = [
  ...['v-add-user', 'v-delete-user', 'v-suspend-user', 'v-unsuspend-user', 'v-change-user-config-value'],
];

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
