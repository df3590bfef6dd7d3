/** One grammar of times, whichever option they stand behind; and what was understood is printed. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { formatMoment } from '../../src/text/moments.js';
import { TestService } from '../support/test-service.js';

let service: TestService;
let id: string;

beforeAll(async () => {
  service = await TestService.startOpen(['alice']);
  ({ id } = await service.makeKey('alice', 'mail-accounts'));
});

const change = (...options: string[]) => service.told('v-change-access-key', id, ...options);

describe('a number without a unit', () => {
  it.each([
    ['v-change-access-key', '--expires', '90'],
    ['v-rotate-access-key', '--overlap', '24'],
    ['v-change-access-key', '--rate-limit', '5/10'],
  ])('is refused by %s %s %s, which says the units', async (name, option, value) => {
    const { code, stdout } = await service.told(name, id, option, value);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^Error: expected .*(s, m, h, d or w|N\/s, N\/m).*, got \S+\n$/);
  });

  it('is refused by hearthkey login-link too', async () => {
    const { code, stdout } = await service.told('login-link', 'alice', '--ttl', '10');
    expect({ code, stdout }).toMatchObject({ code: 2, stdout: expect.stringContaining('s, m, h, d or w') });
  });

  it('is refused in a setting', async () => {
    await expect(TestService.start({ LEASE: '5' })).rejects.toThrow(
      'HEARTHKEY_LEASE: expected a number with a unit (ms, s, m, h, d or w)',
    );
  });
});

describe('the end of a key', () => {
  it('is printed with its zone as it was understood, on standard error', async () => {
    const { code, stdout, stderr } = await change('json', '--expires', '2090-01-31');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ACCESS_KEY_ID: id });
    const end = formatMoment(new Date(2090, 1, 1).getTime());
    expect(stderr).toBe(`The key ends at ${end}.\n`);
    expect(end).toMatch(/^2090-02-01 00:00:00 [+-]\d\d:\d\d$/);
    expect((await change('--expires', '2w')).stderr).toMatch(/^The key ends at \S+ \S+ [+-]\d\d:\d\d\.\n$/);
    expect((await change('--expires', 'never')).stderr).toBe('The key has no end.\n');
    expect((await change('--expires', 'now')).stderr).toBe('The key has ended.\n');
  });

  it.each([
    ['9999-12-31', 'is too far ahead: at most 100 years'],
    ['99999999w', 'is too far ahead: at most 100 years'],
    ['2027-02-30', 'there is no 2027-02-30 in the calendar'],
    ['2020-01-01', 'has passed'],
  ])('%s is refused in words', async (value, words) => {
    expect(await change('--expires', value)).toMatchObject({
      code: 2,
      stdout: expect.stringContaining(words),
    });
  });
});

describe('an overlap', () => {
  it('is printed with its end', async () => {
    const overlapping = await service.told('v-rotate-access-key', id, 'plain', '--overlap', '1d');
    expect(overlapping.stdout).toMatch(/^\w{20}:\S{40}\n$/);
    expect(overlapping.stderr).toMatch(/^The old secret is valid until \S+ \S+ [+-]\d\d:\d\d\.\n$/);
    const alone = await service.told('v-rotate-access-key', id, 'plain');
    expect(alone.stderr).toBe('The old secret is not valid any more.\n');
  });
});

describe('limits', () => {
  it('are printed as they were understood', async () => {
    const { stderr } = await change('--allow-ip', '10.0.0.1/8', '--rate-limit', '5/m');
    expect(stderr).toBe(
      [
        '10.0.0.1/8 is taken for the network 10.0.0.0/8.',
        'Its own addresses: 10.0.0.0/8.',
        'Its own rate limit: 5/min.',
        '',
      ].join('\n'),
    );
    expect((await change('--allow-ip', 'any', '--rate-limit', 'none')).stderr).toBe(
      'Its own addresses: none, it may come from any.\nIts own rate limit: none.\n',
    );
  });
});

it('the units stand in the help of each option that takes a time', async () => {
  for (const name of ['v-add-access-key', 'v-change-access-key', 'v-rotate-access-key', 'login-link']) {
    const { stdout } = await service.told(name, '--help');
    expect(stdout.replace(/\s+/g, ' ')).toContain('(s, m, h, d or w)');
  }
});
