/** Files from elsewhere that an operator gives to `hearthkey import` and `hearthkey restore`. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../faults/random.js';
import { temporaryFolder } from '../../support/folders.js';
import { HestiaFolder, numbered } from '../../support/hestia-tree.js';
import { Finding, inside, type Adapter, type Target } from '../adapter.js';
import { mutated, mutatedBytes, word } from '../inputs.js';
import { KnownWorld } from '../world.js';

export const importTrees: Adapter = {
  name: 'import',
  what: 'trees for hearthkey import --dry-run',
  atOnce: 1,
  async open(): Promise<Target> {
    const world = await KnownWorld.start();
    const before = await world.state();
    return {
      pid: world.service.pid,
      async try(random) {
        const tree = randomTree(random);
        const answer = await world.service.told('import', '--from', tree.root, '--dry-run');
        const told = answer.stdout + answer.stderr;
        if (inside.test(told))
          throw new Finding(`it tells of the inside: ${told.slice(0, 300)}`, tree.written);
        if (![0, 2, 3, 4, 12].includes(answer.code))
          throw new Finding(`code ${String(answer.code)}: ${told.slice(0, 300)}`, tree.written);
        rmSync(tree.root, { recursive: true });
        return `code ${String(answer.code)}`;
      },
      async close() {
        const after = await world.state();
        await world.end();
        if (after !== before) throw new Finding('a dry run has changed something', { before, after });
      },
    };
  },
};

/** A tree in which up to two files are not as Hestia writes them. */
function randomTree(random: Random): { root: string; written: unknown } {
  const tree = new HestiaFolder({
    API_ALLOWED_IP: word(random, ['allow-all', '10.0.0.0/8,203.0.113.9', '']),
  });
  tree.user(random.next() < 0.95 ? 'carol' : 'dave', { ROLE: word(random, ['user', 'admin']) });
  tree.key({
    id: numbered.id(1),
    secret: numbered.secret(1),
    user: 'carol',
    permissions: word(random, ['billing', '']),
  });
  tree.legacyKey(numbered.legacyKey(1));
  tree.api('own', word(random, ['user', 'admin']), word(random, ['v-list-a,v-add-b']));
  const files = [
    'conf/hestia.conf',
    'data/users/admin/user.conf',
    `data/access-keys/${numbered.id(1)}`,
    'data/api/own',
  ];
  const written: Record<string, string> = {};
  for (let times = random.below(3); times > 0; times--) {
    const file = random.pick(files);
    const whole = readFileSync(join(tree.root, file));
    const changed =
      random.next() < 0.5 ? mutatedBytes(random, whole) : Buffer.from(mutated(random, whole.toString()));
    tree.file(file, changed);
    written[file] = changed.toString();
  }
  return { root: tree.root, written };
}

export const backupFiles: Adapter = {
  name: 'restore',
  what: 'copies for hearthkey restore',
  atOnce: 1,
  async open(): Promise<Target> {
    const world = await KnownWorld.start();
    const folder = temporaryFolder();
    await world.service.ok('backup', join(folder, 'copy'));
    const copy = readFileSync(join(folder, 'copy'));
    const before = await world.state();
    let made = 0;
    return {
      pid: world.service.pid,
      async try(random) {
        const changed = random.next() < 0.05 ? copy : mutatedBytes(random, copy);
        const file = join(folder, `changed-${String(made++)}`);
        writeFileSync(file, changed, { mode: 0o600 });
        const answer = await world.service.told('restore', file);
        rmSync(file);
        const told = answer.stdout + answer.stderr;
        const input = firstDifference(copy, changed);
        if (inside.test(told)) throw new Finding(`it tells of the inside: ${told.slice(0, 300)}`, input);
        if (![0, 12].includes(answer.code))
          throw new Finding(`code ${String(answer.code)}: ${told.slice(0, 300)}`, input);
        if (answer.code === 0 && !changed.equals(copy))
          throw new Finding('a changed copy was restored', input);
        return `code ${String(answer.code)}`;
      },
      async close() {
        const after = await world.state();
        await world.end();
        if (after !== before) throw new Finding('a changed copy has changed something', { before, after });
      },
    };
  },
};

function firstDifference(one: Buffer, other: Buffer): unknown {
  const at = one.findIndex((byte, index) => byte !== other[index]);
  return { at, was: one.subarray(at, at + 40).toString(), is: other.subarray(at, at + 40).toString() };
}
