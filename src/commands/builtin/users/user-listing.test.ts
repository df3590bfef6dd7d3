import { describe, expect, it } from '@jest/globals';
import type { User } from '../../../users/user.js';
import { usersInParts } from './user-listing.js';

const userOf = (index: number): User => ({
  ...{ name: `user${String(index)}`, email: 'a@example.com', package: 'default', firstName: 'Ann, "the"' },
  ...{ lastName: 'Zoë\u2028', role: 'user', createdAtMs: index, hasPassword: true },
  ...{ isSuspended: index % 2 === 0, isLoginDisabled: false },
});

async function read(count: number, format: 'json' | 'plain' | 'csv' | 'list'): Promise<string[]> {
  const users = Array.from({ length: count }, (_, index) => userOf(index));
  const parts: string[] = [];
  for await (const part of usersInParts(users, 'admin', format)) parts.push(part);
  return parts;
}

describe('a list of users in parts', () => {
  it.each([0, 1, 2, 49, 50, 51, 120])(
    '(%d) is one text of JSON, as JSON.stringify makes it',
    async (count) => {
      const text = (await read(count, 'json')).join('');
      const parsed = JSON.parse(text) as Record<string, Record<string, string>>;
      expect(Object.keys(parsed)).toEqual(Array.from({ length: count }, (_, index) => userOf(index).name));
      expect(text).toBe(`${JSON.stringify(parsed, null, 4)}\n`);
    },
  );

  it('has a line for each user in the other forms, and a head in CSV', async () => {
    for (const [format, lines] of [
      ['plain', 120],
      ['list', 120],
      ['csv', 121],
    ] as const)
      expect((await read(120, format)).join('').trimEnd().split('\n')).toHaveLength(lines);
    expect(await read(0, 'list')).toEqual([]);
    expect((await read(1, 'csv')).join('')).toContain('"Ann, ""the""');
  });

  it('lets others have their turn in between', async () => {
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    count();
    await read(1000, 'json');
    isDone = true;
    expect(turns).toBeGreaterThanOrEqual(20);
  });
});
