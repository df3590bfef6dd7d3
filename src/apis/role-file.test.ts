import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatRoleFile, parseRoleFile, RoleFileError, type ApiRole } from './role-file.js';
import { shippedRoles } from './shipped-roles.js';

const commandName = fc.stringMatching(/^v-[A-Za-z0-9_-]{1,20}$/);
const role = fc.constantFrom<ApiRole>('admin', 'user');
const commandList = fc.uniqueArray(commandName, { maxLength: 12 });

function problemOf(text: string): string {
  try {
    parseRoleFile(text);
  } catch (error) {
    if (error instanceof RoleFileError) return error.message;
    throw error;
  }
  throw new Error('there was no problem');
}

describe('a role file', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(role, commandList, commandList, (given, commands, safe) => {
        const read = parseRoleFile(formatRoleFile(given, commands, safe));
        expect(read.role).toBe(given);
        expect([...read.commands]).toEqual(commands);
        expect(read.listed).toEqual(commands);
        expect([...read.safe]).toEqual(safe);
      }),
    );
  });

  it('that is half written grants nothing that the whole one does not', () => {
    fc.assert(
      fc.property(role, commandList, commandList, fc.nat(), (given, commands, safe, cut) => {
        const text = formatRoleFile(given, commands, safe);
        const whole = parseRoleFile(text);
        for (const part of [text.slice(0, cut % (text.length + 1)), text.slice(cut % (text.length + 1))]) {
          let read;
          try {
            read = parseRoleFile(part);
          } catch (error) {
            expect(error).toBeInstanceOf(RoleFileError);
            continue;
          }
          for (const command of read.commands) expect(whole.commands).toContain(command);
          for (const command of read.safe) expect(whole.safe).toContain(command);
          expect([undefined, given]).toContain(read.role);
        }
      }),
    );
  });

  it('is read with either kind of quote, comments, blank lines, blanks at the ends, and Windows line ends', () => {
    const text = '# made by hand\r\n\r\n  ROLE="user"  \r\nCOMMANDS=\' v-a , v-b,\'\r\n#COMMANDS="v-c"\r\n';
    expect(parseRoleFile(text)).toEqual({
      role: 'user',
      listed: ['v-a', 'v-b'],
      commands: new Set(['v-a', 'v-b']),
      safe: new Set(),
    });
  });

  it('is read with a byte order mark, blanks round =, comments behind values, no quotes, and a name twice', () => {
    const text = "\uFEFFROLE = user # x\r\nCOMMANDS = v-a, v-b\t# y\r\nSAFE='v-b' # 'v-a'\r\nROLE='user'\r\n";
    expect(parseRoleFile(text)).toEqual({
      role: 'user',
      listed: ['v-a', 'v-b'],
      commands: new Set(['v-a', 'v-b']),
      safe: new Set(['v-b']),
    });
  });

  it('has no last line end by necessity', () => {
    expect(parseRoleFile("ROLE='user'\nCOMMANDS='v-a'").commands).toContain('v-a');
  });

  it('grants non-root users nothing without a ROLE: it has none then', () => {
    expect(parseRoleFile("COMMANDS='v-a'").role).toBeUndefined();
    expect(parseRoleFile('').role).toBeUndefined();
    expect(parseRoleFile('').commands.size).toBe(0);
  });

  it('may name commands by their paths, which are cut off', () => {
    const read = parseRoleFile("ROLE='user'\nCOMMANDS='/usr/local/hestia/bin/v-a,../v-b'");
    expect([...read.commands]).toEqual(['v-a', 'v-b']);
    expect(read.listed).toEqual(['/usr/local/hestia/bin/v-a', '../v-b']);
  });

  it('grants nothing by what is no name of a command: no patterns, no shell', () => {
    const read = parseRoleFile("ROLE='user'\nCOMMANDS='*,v-*,.*,v-a;id,$(id),v-a v-b,v-a/,sh,v-'");
    expect(read.commands.size).toBe(0);
    expect(read.listed).toHaveLength(9);
  });

  it('lists commands in SAFE that need no USER argument; they are not granted by that alone', () => {
    const read = parseRoleFile("ROLE='user'\nCOMMANDS='v-a'\nSAFE='v-b'");
    expect([...read.commands]).toEqual(['v-a']);
    expect([...read.safe]).toEqual(['v-b']);
  });

  it.each([
    ['an unfinished value', "ROLE='user'\nCOMMANDS='v-a,v-b", /line 2: expected NAME='value'/],
    ['quotes that do not match', 'ROLE=\'user"', /line 1/],
    ['more after the value', "ROLE='user' yes", /line 1/],
    ['something to run', 'ROLE=$(id)', /line 1/],
    ['two values in a line', "ROLE='user' COMMANDS='v-a'", /line 1/],
    ['export', "export ROLE='user'", /line 1/],
    ['a shell line', "ROLE='user'\nrm -rf /", /line 2/],
    ['the same name twice', "ROLE='user'\nCOMMANDS='v-a'\nROLE='admin'", /line 3: ROLE stands there twice/],
    ['an unknown name', "ROLES='user'", /ROLES is not ROLE, COMMANDS, SAFE or ONLY/],
    ['an unknown role', "ROLE='root'", /neither 'admin' nor 'user'/],
    ['an empty role', "ROLE=''", /neither/],
    ['a role in upper case', "ROLE='User'", /neither/],
    ['a NUL', "ROLE='user'\0", /line 1/],
    ['an archive', '\x1f\x8b\x08\x00', /line 1/],
    ['more than 64 KiB', `ROLE='user'\n${'#'.repeat(65_536)}`, /longer/],
  ])('is refused as a whole with %s', (_what, text, problem) => {
    expect(problemOf(text)).toMatch(problem);
  });

  it('is refused with a RoleFileError whatever is in it, never with another', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        try {
          parseRoleFile(text);
        } catch (error) {
          expect(error).toBeInstanceOf(RoleFileError);
        }
      }),
    );
  });
});

describe('the shipped APIs', () => {
  it('are the six of Hestia', () => {
    expect(Object.keys(shippedRoles).sort()).toEqual([
      'billing',
      'mail-accounts',
      'phpmyadmin-sso',
      'purge-nginx-cache',
      'sync-dns-cluster',
      'update-dns-records',
    ]);
  });

  it.each(Object.entries(shippedRoles))('%s is written and read without loss', (_name, shipped) => {
    const read = parseRoleFile(formatRoleFile(shipped.role, shipped.commands, []));
    expect(read.role).toBe(shipped.role);
    expect(read.listed).toEqual(shipped.commands);
    expect(read.commands).toEqual(new Set(shipped.commands));
  });
});
