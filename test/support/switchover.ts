/** Two database servers that change places, and a load on nodes that use them: for a test and for a harness. */
import { join } from 'node:path';
import type { Client, Key } from './client.js';
import { commandsDirectory, temporaryFolder } from './folders.js';
import { PostgresServer } from './postgres.js';

const command = 'v-list-mail-domains';

export interface Pair {
  first: PostgresServer;
  second: PostgresServer;
  /** Of each node, without the prefix. */
  settings: Record<string, string>;
}

/** A primary and its synchronous standby, and what nodes are told of them. */
export async function startPair(lease: string, ...lines: string[]): Promise<Pair> {
  const first = await PostgresServer.start(...lines);
  const url = new URL(await first.newDatabase());
  const second = await first.synchronousStandby();
  const hosts = [first, second].map(({ port }) => `127.0.0.1:${String(port)}`).join(',');
  const settings = {
    DATABASE_URL: `postgres://postgres@${hosts}${url.pathname}?target_session_attrs=read-write`,
    PEPPER_FILE: join(temporaryFolder(), 'pepper'),
    COMMANDS_DIR: commandsDirectory({ [command]: { options: 'USER', script: 'echo mail' } }),
    LEASE: lease,
  };
  return { first, second, settings };
}

/**
 * As Patroni does it: the primary stops in order, the standby takes over, and the old primary comes back as its standby,
 * so that connections that still go there find a server that takes no changes.
 *
 * @param between - while neither of them is a primary
 */
export async function switchOver(
  from: PostgresServer,
  to: PostgresServer,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await from.stop();
  await between();
  await to.promote();
  await from.follow(to);
}

interface Answers {
  allowed: number;
  /** When the newest allowed one came, and the longest time without one. */
  lastMs: number;
  longestMs: number;
}

/** Requests of a key that is allowed and of one that is not, and changes, on all nodes at once. */
export class SwitchoverLoad {
  readonly wrong: string[] = [];
  changes = 0;
  private isOver = false;
  private readonly answers: ReadonlyMap<Client, Answers>;
  private readonly loops: Promise<void>[];

  /** @param isUndecided - of a code: the node says that it can't decide now */
  constructor(
    private readonly nodes: readonly Client[],
    private readonly allowed: Key,
    private readonly revoked: Key,
    private readonly isUndecided: (code: number) => boolean,
  ) {
    const none = (): Answers => ({ allowed: 0, lastMs: performance.now(), longestMs: 0 });
    this.answers = new Map(nodes.map((node) => [node, none()]));
    this.loops = nodes.flatMap((node) => [
      this.repeat(() => this.decide(node)),
      this.repeat(() => this.change(node)),
    ]);
  }

  /** Allowed answers of the node that had the fewest. */
  get decisions(): number {
    return Math.min(...[...this.answers.values()].map(({ allowed }) => allowed));
  }

  /** The longest time in which some node allowed nothing, since this was asked before. */
  takeLongestMs(): number {
    const nowMs = performance.now();
    const all = [...this.answers.values()];
    const longestMs = Math.max(...all.map((each) => Math.max(each.longestMs, nowMs - each.lastMs)));
    for (const each of all) each.longestMs = 0;
    return longestMs;
  }

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.loops);
  }

  private async repeat(work: () => Promise<void>): Promise<void> {
    while (!this.isOver) await work();
  }

  private async decide(node: Client): Promise<void> {
    const { code } = await node.call(this.allowed, command, ['alice']);
    if (code === 0) this.note(this.answers.get(node)!);
    else if (!this.isUndecided(code)) this.wrong.push(`the allowed key got ${String(code)}`);
    const refused = await node.call(this.revoked, command, ['alice']);
    if (refused.code !== 9 && !this.isUndecided(refused.code))
      this.wrong.push(`the revoked one got ${String(refused.code)}`);
  }

  private note(answers: Answers): void {
    const nowMs = performance.now();
    answers.longestMs = Math.max(answers.longestMs, nowMs - answers.lastMs);
    answers.lastMs = nowMs;
    answers.allowed++;
  }

  /** What a change has said counts on every node; one that ended with 17 may have been made. */
  private async change(node: Client): Promise<void> {
    const made = await node.run('v-add-access-key', 'alice', 'mail-accounts', 'load', 'json');
    if (made.code !== 0) return;
    const { ACCESS_KEY_ID: id = '', SECRET_ACCESS_KEY: secret = '' } = JSON.parse(made.stdout) as Record<
      string,
      string
    >;
    const key: Key = { id, secret, pair: `${id}:${secret}` };
    const { code } = await node.run('v-delete-access-key', key.id);
    if (code !== 0) return;
    this.changes++;
    for (const each of this.nodes) {
      const answer = await each.call(key, command, ['alice']);
      if (answer.code === 0) this.wrong.push('a deleted key was allowed');
    }
  }
}
