/** Access keys that were taken over from a panel's tree which is used live. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandsDirectory } from '../support/folders.js';
import { HestiaFolder, numbered } from '../support/hestia-tree.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const command = 'v-list-mail-domains';
let tree: HestiaFolder;
let service: TestService;

const key = (number: number) => ({ id: numbered.id(number), secret: numbered.secret(number), pair: '' });
const file = (number: number): string => join(tree.root, 'data/access-keys', numbered.id(number));
const codeOf = async (number: number): Promise<number> =>
  (await service.call(key(number), command, ['alice'])).code;

beforeAll(async () => {
  tree = new HestiaFolder();
  tree.user('alice');
  tree.api('mail-accounts', 'user', command);
  for (const number of [1, 2, 3]) tree.key({ ...key(number), user: 'alice', permissions: 'mail-accounts' });
  const COMMANDS_DIR = commandsDirectory({ [command]: { options: 'USER', script: 'echo mail' } });
  service = await TestService.start({ COMMANDS_DIR, HESTIA_ROOT: tree.root });
  await service.ok('import', '--from', tree.root);
});

describe("a key of a live panel's tree", () => {
  it("is revoked within a second once the panel's page removed its file, and the record says why", async () => {
    expect([await codeOf(1), await codeOf(2)]).toEqual([0, 0]);
    rmSync(file(1));
    await within(1000, 'the key is refused', async () => (await codeOf(1)) === 9);
    const revocations = () => service.events('--key', numbered.id(1), '--command', 'v-suspend-access-key');
    await within(10_000, 'the key is suspended', async () => (await revocations()).length > 0);
    expect((await revocations()).map(({ actor, target }) => [actor.kind, target])).toEqual([
      [
        'service',
        {
          accessKeyId: numbered.id(1),
          user: 'alice',
          suspended: "its file was removed from the panel's tree",
        },
      ],
    ]);
    expect(service.log).toContain("its file was removed from the panel's tree");
    expect(await codeOf(2)).toBe(0);
  });

  it('is refused while the directory of keys is away, and heard again when it is back', async () => {
    const directory = join(tree.root, 'data/access-keys');
    renameSync(directory, join(tree.root, 'away'));
    await within(1000, 'the key is refused', async () => (await codeOf(2)) === 9);
    renameSync(join(tree.root, 'away'), directory);
    await within(10_000, 'the key is accepted', async () => (await codeOf(2)) === 0);
  });

  it('is not one that was made here', async () => {
    const own = await service.makeKey('alice', 'mail-accounts');
    expect((await service.call(own, command, ['alice'])).code).toBe(0);
  });

  it('is named by doctor, as are those that live in one place only', async () => {
    const own = await service.makeKey('alice', 'mail-accounts');
    tree.key({ ...key(9), user: 'alice', permissions: 'mail-accounts' });
    const { stdout } = await service.run('doctor', 'json');
    const found = (JSON.parse(stdout) as { CHECK: string; SUBJECT: string; PROBLEM: string }[]).filter(
      ({ CHECK }) => CHECK === 'tree_key',
    );
    expect(found.map(({ SUBJECT, PROBLEM }) => `${SUBJECT}: ${PROBLEM}`)).toEqual([
      `access key ${numbered.id(1)} of alice: it came from ${tree.root}, and its file is no longer there: it is refused`,
      expect.stringMatching(`^access keys that only the panel has: ${numbered.id(9)}: they were made at`),
      expect.stringMatching(
        new RegExp(`^access keys that are only here: .*${own.id}.*: the panel's own page`),
      ),
    ]);
  });
});
