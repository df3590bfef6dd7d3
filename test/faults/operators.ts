/** Operators who change things without a pause, one at each node, and look afterwards at what became of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { patienceMs } from '../support/waiting.js';
import { Findings } from './findings.js';
import type { Node } from './nodes.js';
import { readRecord } from './service.js';
import { seededUser } from './seeded-keys.js';

/** A statement has 10 s, a connection 5, and who waits for others' changes 30. */
const answerLimitMs = 60_000;

export class Operators {
  readonly findings = new Findings();
  /** Keys whose making was answered with success. */
  readonly made: string[] = [];
  private readonly codes = new Map<string, number>();
  private isStopped = false;
  private readonly work: Promise<void>;

  constructor(
    nodes: readonly Node[],
    private readonly onAnswer: (code: number | string, tookMs: number) => void,
  ) {
    this.work = Promise.all(nodes.map((node) => this.changeThings(node))).then(() => undefined);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.work;
  }

  summary(): string {
    const codes = [...this.codes].map(([code, count]) => `${code}×${String(count)}`).join(' ');
    return `changes: ${codes}`;
  }

  private async changeThings(node: Node): Promise<void> {
    while (!this.isStopped) {
      const beganMs = performance.now();
      const answer = await node.client
        .run('v-add-access-key', seededUser, 'load', 'made', 'plain')
        .catch((error: unknown) => ({ code: (error as Error).message, stdout: '' }));
      const tookMs = performance.now() - beganMs;
      this.onAnswer(answer.code, tookMs);
      this.codes.set(String(answer.code), (this.codes.get(String(answer.code)) ?? 0) + 1);
      if (answer.code === 0) this.made.push(answer.stdout.split(':')[0] ?? '');
      else if (answer.code !== 17)
        this.findings.wrong.push(`a change ended with ${String(answer.code)}: ${answer.stdout}`);
      if (tookMs > answerLimitMs)
        this.findings.slow.push(`a change was answered after ${tookMs.toFixed(0)} ms`);
      await sleep(250);
    }
  }
}

/** Each key that was made is there and has its event, and no event is of a key that isn't there. */
export async function halfDone(nodes: readonly Node[], { made }: Operators): Promise<string[]> {
  const deadline = performance.now() + patienceMs;
  let problems = await compare(nodes, made);
  while (problems.length > 0 && performance.now() < deadline) {
    await sleep(500); // a node carries its events over within a moment
    problems = await compare(nodes, made);
  }
  for (const [index, node] of nodes.entries()) {
    const { code, stdout } = await node.client.run('v-verify-audit');
    if (code !== 0) problems.push(`the record of node ${String(index + 1)}: ${stdout}`);
  }
  return problems;
}

async function compare(nodes: readonly Node[], made: readonly string[]): Promise<string[]> {
  const listed = JSON.parse(await nodes[0]!.client.ok('v-list-access-keys', seededUser, 'json')) as Record<
    string,
    { COMMENT?: string }
  >;
  const there = Object.entries(listed)
    .filter(([, key]) => key.COMMENT === 'made')
    .map(([id]) => id);
  const recorded = nodes
    .flatMap(({ dataDir }) => readRecord(dataDir))
    .filter(({ type, command }) => type === 'change' && command === 'v-add-access-key')
    .map(({ target }) => target?.['accessKeyId'] ?? '');
  const tell = (what: string, ids: readonly string[]): string[] =>
    ids.length === 0 ? [] : [`${String(ids.length)} ${what}, such as ${ids[0] ?? ''}`];
  return [
    ...tell(
      'keys were acknowledged and are gone',
      made.filter((id) => !there.includes(id)),
    ),
    ...tell(
      'keys were made and have no event',
      there.filter((id) => !recorded.includes(id)),
    ),
    ...tell(
      'events are of keys that were not made',
      recorded.filter((id) => !there.includes(id)),
    ),
    ...tell(
      'events are there twice',
      recorded.filter((id, index) => recorded.indexOf(id) !== index),
    ),
  ];
}
