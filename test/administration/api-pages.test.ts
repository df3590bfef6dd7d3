/** The pages of docs/api: their lines of curl and PHP, run as they stand there against a service. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import type { Key } from '../support/client.js';
import { readBlocks, readDocument } from '../support/documents.js';
import { installation, temporaryFolder } from '../support/folders.js';
import { runProcess } from '../support/processes.js';
import { describeWith } from '../support/programs.js';
import { TestService } from '../support/test-service.js';

const folder = 'docs/api';
/** The ID that stands for one of the reader's keys. */
const someId = 'InNqgp01kO3v0W22eg6Z';

/** What has to be so after a page: the same for curl and PHP. */
const outcomes: Readonly<Record<string, (output: string, key: Key) => Promise<void>>> = {
  'make-a-key': async (output) => {
    const keys = await list('v-list-access-keys', 'alice');
    const made = Object.values(keys).filter(({ COMMENT }) => COMMENT === 'Mail script');
    expect(made.length).toBeGreaterThan(0);
    const id = /[A-Za-z0-9]{20}/.exec(output)?.[0] ?? '';
    expect(keys[id]).toMatchObject({ COMMENT: 'Mail script' });
  },
  'rotate-a-secret': async (output, key) => {
    const secret = /(?:"secretAccessKey":")?([\w-]{40})/.exec(output)?.[1] ?? '';
    expect(secret).not.toBe(key.secret);
    for (const one of [secret, key.secret])
      expect(
        (await service.run('v-check-access-key', key.id, one, 'v-list-mail-domains', '127.0.0.1')).code,
      ).toBe(0);
  },
  'suspend-and-delete': async (output, key) => {
    expect(output).toBe('');
    expect((await service.run('v-list-access-key', key.id)).code).toBe(3);
  },
  'change-a-key': async (output, key) => {
    expect(output).toContain('Backup script');
    expect(await service.ok('v-list-access-key', key.id)).toContain('Backup script');
  },
  'list-in-pages': async (output) => {
    const ids = output.match(/[A-Za-z0-9]{20}/g) ?? [];
    const keys = await list('v-list-access-keys', 'alice');
    expect(ids.length).toBeGreaterThan(2);
    expect([...ids].sort()).toEqual(Object.keys(keys).sort());
  },
  'allow-an-address': async (output) => {
    expect(output).toContain('203.0.113.0/24');
    expect(await service.ok('v-list-sys-api-ips')).not.toContain('203.0.113.0/24');
  },
  'read-audit-events': async (output) => expect(output).toContain('permission_missing'),
  'explain-a-denial': async (output) => expect(output).toContain('permission_missing'),
  'make-a-role': async (output, key) => {
    expect(await service.ok('v-list-api', 'mail-reader')).toContain('v-list-mail-accounts');
    expect(output).not.toContain(key.secret);
    await service.ok('v-delete-api', 'mail-reader');
  },
  'add-a-user': async (output) => {
    expect(output).toMatch(/suspended|"isSuspended":true/);
    expect((await service.run('v-list-user', 'carol')).code).toBe(3);
  },
};

let service: TestService;
let root: Key;

async function list(command: string, ...args: string[]): Promise<Record<string, Record<string, string>>> {
  return JSON.parse(await service.ok(command, ...args, 'json')) as Record<string, Record<string, string>>;
}

describeWith('curl', 'php')('the pages of docs/api', () => {
  beforeAll(async () => {
    service = await TestService.startOpen(['alice']);
    root = await service.makeKey('admin', '');
    const alice = await service.makeKey('alice', 'mail-accounts', 'denied');
    await service.makeKey('alice', 'mail-accounts', 'one more');
    // For the pages about denials.
    await service.call(alice, 'v-delete-user', ['alice']);
  });

  const names = readdirSync(join(installation, folder))
    .filter((name) => name.endsWith('.md') && !['README.md', 'php.md'].includes(name))
    .map((name) => name.replace(/\.md$/, ''));

  it('are linked on its README, and each has an outcome here', () => {
    const linked = [...readDocument(`${folder}/README.md`).matchAll(/\]\(([a-z-]+)\.md\)/g)].map(
      ([, name]) => name,
    );
    expect(names.filter((name) => !linked.includes(name))).toEqual([]);
    expect(Object.keys(outcomes).sort()).toEqual(names.sort());
  });

  it.each(names.flatMap((name) => (['sh', 'php'] as const).map((language) => [name, language] as const)))(
    '%s in %s',
    async (name, language) => {
      const key = await service.makeKey('alice', 'mail-accounts', 'of a page');
      const place = temporaryFolder();
      writeFileSync(join(place, 'hearthkey.php'), readBlocks(`${folder}/php.md`, 'php')[0] ?? '');
      let output = '';
      for (const block of readBlocks(`${folder}/${name}.md`, language)) {
        writeFileSync(join(place, `page.${language}`), block.replaceAll(someId, key.id));
        const program = language === 'sh' ? 'bash' : 'php';
        const ran = await runProcess(program, [`page.${language}`], {
          cwd: place,
          env: { HEARTHKEY: service.url, ID: root.id, SECRET: root.secret },
        });
        expect([ran.code, ran.stderr, ran.stdout]).toEqual([0, '', expect.anything()]);
        output += ran.stdout;
      }
      await outcomes[name]?.(output, key);
    },
  );
});
