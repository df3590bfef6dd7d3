import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { appendFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { withoutDescriptors } from '../../test/support/descriptors.js';
import { RoleFolder, userRole } from '../../test/support/role-folder.js';

let folder: RoleFolder;

/** The timer of the directory and its clock go on when a test says so. */
beforeEach(() => {
  jest.useFakeTimers();
  folder = new RoleFolder(() => performance.now());
});

afterEach(() => {
  folder.roles.stop();
  jest.useRealTimers();
});

const pass = (ms: number): unknown => jest.advanceTimersByTime(ms);
const second = 1000;

describe('a change by hand', () => {
  it('counts within a second', () => {
    folder.write('mail', userRole('v-a', 'v-b'));
    folder.open();
    folder.write('mail', userRole('v-a'));
    pass(second);
    expect(folder.granted('mail')).toEqual(['v-a']);
  });

  it('counts within a second also when it replaces the file and keeps its size and time', () => {
    folder.write('mail', userRole('v-a'));
    folder.open();
    folder.write('.mail.new', userRole('v-b'));
    renameSync(folder.file('.mail.new'), folder.file('mail'));
    pass(second);
    expect(folder.granted('mail')).toEqual(['v-b']);
  });

  it('that adds a file counts within a second', () => {
    folder.open();
    folder.write('mail', userRole('v-a'));
    pass(second);
    expect(folder.granted('mail')).toEqual(['v-a']);
  });

  it('that removes a file counts within a second', () => {
    folder.write('mail', userRole('v-a'));
    folder.open();
    rmSync(folder.file('mail'));
    pass(second);
    expect(folder.roles.find('mail')).toBeUndefined();
  });

  it('that removes the whole directory takes everything away, and it comes back with it', () => {
    folder.write('mail', userRole('v-a'));
    folder.open();
    renameSync(folder.path, `${folder.path}-away`);
    pass(second);
    expect(folder.roles.find('mail')).toBeUndefined();
    renameSync(`${folder.path}-away`, folder.path);
    pass(second);
    expect(folder.granted('mail')).toEqual(['v-a']);
  });

  it('breaks the file: it grants nothing, and that is reported once', () => {
    folder.write('mail', userRole('v-a'));
    folder.open();
    folder.write('mail', 'broken');
    pass(second);
    expect(folder.granted('mail')).toEqual([]);
    pass(second);
    expect(folder.problems).toEqual(["mail: line 1: expected NAME='value'"]);
    folder.write('mail', 'broken in another place\nbut at the same line');
    pass(second);
    expect(folder.problems).toHaveLength(1);
    folder.write('mail', userRole('v-b'));
    pass(second);
    expect(folder.granted('mail')).toEqual(['v-b']);
  });

  it('leaves a link to nowhere: it is no API', () => {
    folder.write('mail', userRole('v-a'));
    folder.open();
    rmSync(folder.file('mail'));
    symlinkSync(folder.file('nowhere'), folder.file('mail'));
    pass(second);
    expect(folder.roles.find('mail')).toBeUndefined();
  });

  it('leaves a file that can not be read: it grants nothing, and that is reported', () => {
    symlinkSync('/proc/self/clear_refs', folder.file('mail')); // nobody can read it, root included
    folder.open();
    expect(folder.granted('mail')).toEqual([]);
    expect(folder.problems).toEqual([expect.stringMatching(/^mail: can't be read: E[A-Z]+$/)]);
  });
});

describe('without descriptors', () => {
  beforeEach(() => {
    folder.write('mail', userRole('v-a'));
    folder.write('web', userRole('v-b'));
    folder.open();
  });

  it('files that are unchanged go on to count', () => {
    withoutDescriptors(() => {
      pass(second);
      expect([folder.granted('mail'), folder.granted('web')]).toEqual([['v-a'], ['v-b']]);
    });
    expect(folder.problems).toEqual([]);
  });

  it('one that was removed or edited grants nothing within a second, and is read when there are some again', () => {
    rmSync(folder.file('mail'));
    folder.write('web', userRole('v-a', 'v-b'));
    withoutDescriptors(() => {
      pass(second);
      expect([folder.granted('mail'), folder.granted('web')]).toEqual([undefined, []]);
    });
    folder.write('mail', userRole('v-c'));
    pass(second);
    expect([folder.granted('mail'), folder.granted('web')]).toEqual([['v-c'], ['v-a', 'v-b']]);
  });
});

describe('a half-written role file', () => {
  const seenWithin = (ms: number): string[] => {
    const seen: string[] = [];
    for (let passed = 0; passed < ms; passed += 5) {
      pass(5);
      seen.push(folder.granted('mail')!.join());
    }
    return seen;
  };

  it('is never believed, and the whole one counts within a second after it is whole', () => {
    folder.write('mail', userRole('v-a'));
    folder.open();
    const seen = new Set<string>();
    const watch = (ms: number): void => seenWithin(ms).forEach((granted) => seen.add(granted));
    // Lines of their own, each of them a role file that parses.
    const steps = ["ROLE='user'\n", "COMMANDS='v-b'\n", "SAFE='v-b'\n"];
    folder.write('mail', '');
    for (const step of steps) {
      watch(60);
      appendFileSync(folder.file('mail'), step);
    }
    watch(second);
    expect(folder.roles.find('mail')?.role?.safe.size).toBe(1);
    expect([...seen]).toEqual(['v-a', 'v-b']);
  });

  it('that goes on being written grants nothing after a while, and counts when it is done', () => {
    folder.write('mail', userRole('v-a'));
    folder.open();
    const granted: string[] = [];
    for (let passed = 0; passed < 1.5 * second; passed += 20) {
      appendFileSync(folder.file('mail'), '# more\n');
      granted.push(...seenWithin(20));
    }
    expect([...new Set(granted)]).toEqual(['v-a', '']);
    pass(second);
    expect(folder.granted('mail')).toEqual(['v-a']);
  });
});
