/** Moving in once more, from a tree that still has what was deleted here since. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { HestiaFolder, numbered } from '../support/hestia-tree.js';
import { TestService } from '../support/test-service.js';

const command = 'v-list-mail-domains';
const [kept, deleted, bobs] = [1, 2, 3].map((number) => ({
  ...{ id: numbered.id(number), secret: numbered.secret(number), pair: '' },
}));
const COMMANDS_DIR = commandsDirectory({ [command]: { options: 'USER', script: 'echo ran' } });
let service: TestService;
let tree: HestiaFolder;

beforeEach(async () => {
  service = await TestService.start({ COMMANDS_DIR });
  tree = new HestiaFolder();
  for (const user of ['alice', 'bob']) tree.user(user);
  tree.api('mail-accounts', 'user', command);
  for (const key of [kept, deleted, bobs]) {
    const user = key === bobs ? 'bob' : 'alice';
    tree.key({ ...key!, user, permissions: 'mail-accounts' });
  }
  tree.legacyKey(numbered.legacyKey(1));
  expect((await doImport()).code).toBe(0);
  await service.ok('v-delete-access-key', deleted!.id);
  await service.ok('v-delete-user', 'bob');
  await service.ok('v-revoke-api-key', numbered.legacyKey(1));
});

const doImport = (...more: string[]) => service.run('import', '--from', tree.root, ...more);

/** Who is let in: the keys in their order, then the legacy key. */
async function letIn(): Promise<boolean[]> {
  const called = [kept, deleted, bobs].map((key) =>
    service.call(key!, command, [key === bobs ? 'bob' : 'alice']),
  );
  const answers = await Promise.all([
    ...called,
    service.api({ hash: numbered.legacyKey(1), cmd: command, arg1: 'alice' }),
  ]);
  return answers.map(({ body }) => body.trim() === 'ran');
}

const goneLines = (summary: string): string[] =>
  summary.split('\n').filter((line) => line.includes('was here and was deleted'));

describe('a key that was deleted here stays away', () => {
  it.each([[], ['--dry-run']])('%j: it is named, and how it would come back', async (...options) => {
    expect(await letIn()).toEqual([true, false, false, false]);
    const { code, stdout } = await doImport(...options);
    expect(code).toBe(0);
    const what = options.length === 0 ? 'unchanged' : 'would stay unchanged';
    const why = (word: string): string =>
      `${what} (was here and was deleted, so it stays away; --revive ${word} brings it back)`;
    expect(goneLines(stdout)).toEqual([
      `data/access-keys/${deleted!.id}: ${why(deleted!.id)}`,
      `data/access-keys/${bobs!.id}: ${why(bobs!.id)}`,
      `data/keys/L000…: ${why('legacy-keys')}`,
    ]);
    expect(await letIn()).toEqual([true, false, false, false]);
  });

  it('unless it is named', async () => {
    expect(goneLines((await doImport('--revive', deleted!.id)).stdout)).toHaveLength(2);
    expect(await letIn()).toEqual([true, true, false, false]);
    expect(goneLines((await doImport('--revive', 'legacy-keys')).stdout)).toHaveLength(1);
    expect(await letIn()).toEqual([true, true, false, true]);
    await service.ok('v-delete-access-key', deleted!.id);
    expect(goneLines((await doImport('--revive', 'all')).stdout)).toEqual([]);
    expect(await letIn()).toEqual([true, true, true, true]);
  });

  it('and a word that revives nothing ends it before it has begun', async () => {
    const { code, stdout } = await doImport('--revive', 'nothing');
    expect([code, stdout]).toEqual([
      2,
      'Error: --revive takes the ID of an access key, legacy-keys or all\n',
    ]);
    for (const id of [kept!.id, numbered.id(9)]) {
      const slip = await doImport('--revive', deleted!.id, '--revive', id);
      expect(slip.stdout).toContain(`${id}, as an access key of the tree that was deleted here,`);
      expect(slip.code).toBe(3);
    }
    expect(await service.run('v-list-user', 'bob')).toMatchObject({ code: 3 });
  });

  it('also on a new machine, after a restore', async () => {
    const copy = join(temporaryFolder(), 'copy.hkb');
    await service.ok('backup', copy, '--with-pepper');
    service = await TestService.start({ COMMANDS_DIR });
    await service.ok('restore', copy, '--revive', 'all');
    // Under another pepper nothing is left that would tell the legacy key.
    expect(goneLines((await doImport()).stdout)).toHaveLength(2);
    expect(await letIn()).toEqual([true, false, false, true]);
  });
});
