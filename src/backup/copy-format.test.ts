import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emptyState } from './copied-state.js';
import { formatCopy, parseCopy, type Copy } from './copy-format.js';

const hash = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'B'.repeat(43)}`;

function someCopy(): Copy {
  const state = emptyState();
  state.settings.push({ name: 'API', value: 'no' });
  state.allowed_addresses.push({ entry: '192.0.2.0/24' }, { entry: '10.0.0.1' });
  state.apis.push({ name: 'mail', text: "ROLE='user'\nCOMMANDS='v-list-mail-domains'\n" });
  state.access_keys.push({
    ...{ id: 'A'.repeat(20), user_name: 'alice', permissions: 'mail', comment: 'ключ № 1', is_suspended: 0 },
    ...{ secret_hash: hash, secret_version: '0'.repeat(16), secret_tag: null, has_checksum: 1, is_weak: 0 },
    source_tree: '/usr/local/hestia',
    ...{ created_at_ms: 1, expires_at_ms: 2000, allowed_addresses: '192.0.2.0/24', rate_limit: '5/s' },
    quota: '10000/month',
    held_arguments: 'DOMAIN=example.com',
    maker_id: null,
    canary_hash: '',
    is_derived: 0,
    trial: '',
  });
  const head = {
    ...{
      createdAt: '2026-01-31T00:00:00.000Z',
      rootUser: 'admin',
      changeNumber: 3,
      pepperId: 'a'.repeat(64),
    },
    audit: { chain: 'c', sequence: 1, hash: 'b'.repeat(64) },
  };
  return { head, state };
}

const bytesOf = async (copy: Copy): Promise<Buffer> => Buffer.concat(await formatCopy(copy));

describe('the file of a copy', () => {
  it('is read as it was written', async () => {
    const copy = someCopy();
    expect(await parseCopy(await bytesOf(copy))).toEqual({ ...copy, sha256: expect.any(String) });
    const withPepper = { ...copy, pepper: `${'A'.repeat(43)}=` };
    expect(await parseCopy(await bytesOf(withPepper))).toMatchObject(withPepper);
  });

  it('is refused when any byte of it was altered, and wherever it was cut', async () => {
    const bytes = await bytesOf(someCopy());
    const place = fc.integer({ min: 0, max: bytes.length - 1 });
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, difference) => {
        const altered = Buffer.from(bytes);
        altered[at] = (altered[at] ?? 0) ^ difference;
        await expect(parseCopy(altered)).rejects.toMatchObject({ code: 12 });
        await expect(parseCopy(bytes.subarray(0, at))).rejects.toMatchObject({ code: 12 });
      }),
    );
  });

  it('says what is wrong with a file', async () => {
    const bytes = await bytesOf(someCopy());
    const text = bytes.toString();
    const problemOf = async (changed: string | Buffer): Promise<string> => {
      return parseCopy(Buffer.from(changed as string)).then(
        () => 'nothing',
        (error: unknown) => (error as Error).message,
      );
    };
    expect(await problemOf('')).toBe('the file is no copy made by hearthkey backup');
    expect(await problemOf('PK\u0003\u0004')).toBe('the file is no copy made by hearthkey backup');
    expect(await problemOf(text.replace('"version":3', '"version":4'))).toContain('newer Hearthkey');
    expect(await problemOf(bytes.subarray(0, -20))).toContain('cut off');
    expect(await problemOf(`${text}{}\n`)).toContain('cut off, or something was added');
    expect(await problemOf(text.replace('192.0.2.0', '192.0.3.0'))).toContain('it was altered');
  });

  it('is not made of what could not be read back, and does not show it', async () => {
    const copy = someCopy();
    copy.state.access_keys[0]!.secret_hash = 'a secret in clear';
    await expect(formatCopy(copy)).rejects.toMatchObject({ code: 12 });
    await expect(formatCopy(copy)).rejects.not.toThrow(/secret in clear/);
  });

  it('has each thing once', async () => {
    const copy = someCopy();
    copy.state.allowed_addresses.push({ entry: '10.0.0.1' });
    await expect(parseCopy(await bytesOf(copy))).rejects.toThrow('is there twice');
  });
});
