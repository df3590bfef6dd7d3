/** Users with keys, and the changes that take rights away from them and give them back, through any of the nodes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { requestFor, type LoadedKey } from './load.js';
import type { Node } from './nodes.js';
import type { Random } from './random.js';
import type { Scope, Timeline } from './timeline.js';

const keysPerUser = 4;

export interface World {
  nodes: readonly Node[];
  timeline: Timeline;
  random: Random;
  /** Resolves when no fault has been there for a moment: what was sent into one has run, or never will. */
  quiesce: () => Promise<void>;
  /** What is told with the times of changes that this node makes now; undefined: they tell nothing. */
  activeFault: (node: Node) => string | undefined;
  /** Told of each command that was answered with success, how long it took, and in which activeFault. */
  onChange: (tookMs: number, activeFault: string | undefined, isRevocation: boolean) => void;
  isOver: () => boolean;
}

/** Runs a command until a node answers that it is done, or was so already. */
export async function act(
  world: World,
  command: readonly string[],
  { soAlready = [], isRevocation = false }: { soAlready?: readonly number[]; isRevocation?: boolean } = {},
): Promise<string> {
  const [name = '', ...args] = command;
  for (;;) {
    const startedAt = performance.now();
    const node = world.random.pick(world.nodes);
    const activeFault = world.activeFault(node);
    const answer = await node.run(name, ...args).catch(() => undefined);
    if (answer !== undefined && (answer.code === 0 || soAlready.includes(answer.code))) {
      world.onChange(performance.now() - startedAt, activeFault, isRevocation);
      return answer.stdout;
    }
    if (answer !== undefined && ![1, 3, 14, 15, 17].includes(answer.code))
      throw new Error(`${command.join(' ')}: ${String(answer.code)} ${answer.stdout}`);
    // It may yet run: what gives back must not come after the next revocation.
    if (isRevocation) await sleep(20);
    else await world.quiesce();
  }
}

/** One user, whose keys nobody else touches. */
export class Account {
  keys: LoadedKey[] = [];

  constructor(
    private readonly world: World,
    private readonly name: string,
  ) {}

  async set(): Promise<void> {
    await this.add();
    const keys: LoadedKey[] = [];
    while (keys.length < keysPerUser) keys.push(await this.makeKey());
    this.keys = keys; // until then requests go on with the old ones
  }

  /** Changes at random until it is over. */
  async live(): Promise<void> {
    const { random } = this.world;
    while (!this.world.isOver()) {
      const chance = random.next();
      if (chance < 0.03) await this.deleteAndSetAgain();
      else if (chance < 0.2) await this.replaceKey();
      else if (chance < 0.25) await this.suspendUserWhileKeyIsMade();
      else if (chance < 0.45) await this.suspendUser();
      else if (chance < 0.75) await this.suspendKey();
      else await this.narrowKey();
      if (random.next() < 0.5) await sleep(random.below(20));
    }
  }

  private async suspendKey(): Promise<void> {
    const { id } = this.world.random.pick(this.keys);
    await this.takeAway(
      `key ${id}`,
      ['v-suspend-access-key', id],
      [3, 5],
      ['v-unsuspend-access-key', id],
      [3, 6],
    );
  }

  private async narrowKey(): Promise<void> {
    const { id } = this.world.random.pick(this.keys);
    const change = ['v-change-access-key', id, 'PERMISSIONS'];
    await this.takeAway(`key ${id}`, [...change, 'nothing'], [3], [...change, 'load'], [3]);
  }

  private async suspendUser(): Promise<void> {
    const { name } = this;
    await this.takeAway(`user ${name}`, ['v-suspend-user', name], [3, 5], ['v-unsuspend-user', name], [3, 6]);
  }

  /** The key that is made meanwhile must be as dead as the others. */
  private async suspendUserWhileKeyIsMade(): Promise<void> {
    const { world, name } = this;
    const making = this.makeKey();
    await act(world, ['v-suspend-user', name], { soAlready: [3, 5], isRevocation: true });
    world.timeline.revoked(`user ${name}`);
    const { keys } = this;
    const key = await making;
    this.keys = [...keys, key];
    await sleep(world.random.below(30));
    world.timeline.givenBack(`user ${name}`);
    await act(world, ['v-unsuspend-user', name], { soAlready: [3, 6] });
    this.keys = keys;
    await act(world, ['v-delete-access-key', key.id], { soAlready: [3], isRevocation: true });
    world.timeline.revoked(`key ${key.id}`);
  }

  private async replaceKey(): Promise<void> {
    const index = this.world.random.below(this.keys.length);
    const { id } = this.keys[index]!;
    await act(this.world, ['v-delete-access-key', id], { soAlready: [3], isRevocation: true });
    this.world.timeline.revoked(`key ${id}`);
    const next = await this.makeKey();
    this.keys = this.keys.with(index, next);
  }

  private async deleteAndSetAgain(): Promise<void> {
    await act(this.world, ['v-delete-user', this.name], { soAlready: [3], isRevocation: true });
    for (const { id } of this.keys) this.world.timeline.revoked(`key ${id}`);
    await this.set();
  }

  private async takeAway(
    scope: Scope,
    away: readonly string[],
    awayAlready: readonly number[],
    back: readonly string[],
    backAlready: readonly number[],
  ): Promise<void> {
    const { timeline, random } = this.world;
    await act(this.world, away, { soAlready: awayAlready, isRevocation: true });
    timeline.revoked(scope);
    if (random.next() < 0.7) await sleep(random.below(30));
    timeline.givenBack(scope);
    await act(this.world, back, { soAlready: backAlready });
  }

  private async add(): Promise<void> {
    const command = ['v-add-user', this.name, 'correct-horse-1', `${this.name}@example.com`];
    await act(this.world, command, { soAlready: [4] });
  }

  private async makeKey(): Promise<LoadedKey> {
    for (;;) {
      const command = ['v-add-access-key', this.name, 'load', '', 'plain'];
      const pair = (await act(this.world, command, { soAlready: [3] })).trim();
      const [id = ''] = pair.split(':');
      if (id.length !== 20) {
        await this.add(); // a deletion that was sent before has come late
        continue;
      }
      this.world.timeline.own(id, this.name);
      return { id, request: requestFor(pair) };
    }
  }
}

/** What concerns everybody: the allow list, the switch, the role. */
export async function changeForEverybody(world: World): Promise<void> {
  const role = (command: string): string[] => ['v-change-api', 'load', 'user', command, command];
  const pairs: readonly (readonly [readonly string[], readonly string[]])[] = [
    [
      ['v-delete-sys-api-ip', '127.0.0.1'],
      ['v-add-sys-api-ip', '127.0.0.1'],
    ],
    [
      ['v-change-sys-config-value', 'API_SYSTEM', '0'],
      ['v-change-sys-config-value', 'API_SYSTEM', '2'],
    ],
    [role('v-list-apis'), role('v-list-api')],
  ];
  while (!world.isOver()) {
    const [away, back] = world.random.pick(pairs);
    await act(world, away, { isRevocation: true });
    world.timeline.revoked('everybody');
    // Long enough at times for requests that begin after it, also on a busy machine.
    await sleep(world.random.below(world.random.next() < 0.3 ? 300 : 15));
    world.timeline.givenBack('everybody');
    await act(world, back);
    await sleep(100 + world.random.below(300));
  }
}

/** While requests wait for argon2: they began before, and are decided after. */
export async function revokeDuringFirstUses(world: World): Promise<void> {
  for (let round = 0; round < 4; round++) await switchOffForAMoment(world);
}

/** While one node hears nothing of it: the command returns only when that node decides nothing any more. */
export async function revokeWhileCutOff(world: World): Promise<void> {
  for (const node of world.nodes) {
    node.line.cut();
    await switchOffForAMoment({ ...world, nodes: world.nodes.filter((other) => other !== node) }, () =>
      node.line.mend(),
    );
  }
}

async function switchOffForAMoment(world: World, after: () => void = () => undefined): Promise<void> {
  await act(world, ['v-change-sys-config-value', 'API_SYSTEM', '0'], { isRevocation: true });
  world.timeline.revoked('everybody');
  await sleep(300);
  after();
  world.timeline.givenBack('everybody');
  await act(world, ['v-change-sys-config-value', 'API_SYSTEM', '2']);
}
