import { describe, expect, it } from '@jest/globals';
import { factsOf, subjectId, type World } from '../../../test/suggest/histories.js';
import { describeCommand } from '../../catalogue/command-spec.js';
import { parseAllowedAddresses } from '../../keys/limits/key-limits.js';
import type { SuggestFacts } from './key-standing.js';
import { textOfNote } from './note-text.js';
import { planKey, type KeyPlan } from './plan-key.js';
import { suggestForKey } from './suggest-role.js';
import { UseTally } from './use-tally.js';

const command = describeCommand('v-list-user', 'list a user', 'USER');
const world: World = {
  commands: new Map([[command.name, command]]),
  roles: new Map([
    ['support', { role: 'admin', commands: [command.name], safe: [] }],
    ['own', { role: 'user', commands: [command.name], safe: [] }],
  ]),
  keys: [],
};

interface Asked {
  permissions: readonly string[];
  addresses: readonly string[];
  allowed?: string;
  facts?: Partial<SuggestFacts>;
}

function planFor({ permissions, addresses, allowed, facts: more = {} }: Asked) {
  const facts = { ...factsOf(world), ...more };
  const key = {
    ...{ id: subjectId, user: 'alice', permissions, isSuspended: false },
    ...(allowed !== undefined && { allowedAddresses: parseAllowedAddresses([allowed]) ?? [] }),
  };
  const tally = new UseTally([{ id: subjectId, made: [], countsRefused: true }], facts);
  for (const [index, clientAddress] of addresses.entries())
    tally.add(
      {
        ...{ accessKeyId: subjectId, timeMs: index, isAllowed: true, clientAddress },
        ...{ command: command.name, reason: '' },
      },
      () => ['alice'],
    );
  const plan = planKey({ key, makers: [], made: [] }, tally, facts);
  return { plan, lines: suggestForKey(plan, facts).commandLines };
}

const codes = ({ notes }: KeyPlan): string[] => notes.map(({ code }) => code);
const networks = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${String(index + 1)}.${String(2 * index)}.0.1`);

describe('a key that came from too many addresses, or from one that is not recorded', () => {
  it.each<[string, readonly string[]]>([
    ['too many networks', networks(70)],
    ['an address that is not recorded', ['192.0.2.1', '']],
    [
      'too many addresses',
      Array.from({ length: 2001 }, (_, index) => `10.0.${String(index >> 8)}.${String(index & 255)}`),
    ],
  ])('gets a note and no addresses, and its role all the same: %s', (_name, addresses) => {
    const { plan, lines } = planFor({ permissions: ['own', 'support'], addresses });
    expect([codes(plan), plan.limits.addresses]).toEqual([['addresses_open'], undefined]);
    expect(lines.join()).not.toContain('--allow-ip');
    expect(plan.notes.map(textOfNote)).toEqual([expect.stringContaining(`not recorded: ${subjectId}`)]);
  });

  it('gets none where they can be made ranges of, or the key is held to addresses already', () => {
    const few = planFor({ permissions: ['own'], addresses: networks(60) });
    expect(codes(few.plan)).toEqual([]);
    expect(few.lines.join()).toContain('--allow-ip');
    const held = planFor({ permissions: ['own'], addresses: networks(70), allowed: '0.0.0.0/1,128.0.0.0/1' });
    expect(codes(held.plan)).toEqual([]);
  });
});

describe('a key of an administrator', () => {
  const isAdministrator = (name: string): boolean => name === 'alice';

  it('is left as it is where it has an admin API, whatever else it has', () => {
    const addresses = ['192.0.2.1'];
    for (const permissions of [['support'], ['own', 'support']]) {
      const { plan, lines } = planFor({ permissions, addresses, facts: { isAdministrator } });
      expect(plan.notes).toEqual([{ code: 'admin_apis', names: ['support'] }]);
      expect(plan.notes.map(textOfNote)).toEqual([expect.stringContaining('may name any user')]);
      expect([plan.isFixed, lines]).toEqual([true, []]);
    }
  });

  it('is narrowed where its APIs are for users, and so is the key of a user who has an admin API', () => {
    const addresses = ['192.0.2.1'];
    for (const asked of [
      { permissions: ['own'], facts: { isAdministrator } },
      { permissions: ['own', 'support'] },
    ]) {
      const { plan, lines } = planFor({ ...asked, addresses });
      expect(codes(plan)).toEqual([]);
      expect(lines.join()).toContain('--allow-ip 192.0.2.1');
    }
  });
});
