import { describe, expect, it } from '@jest/globals';
import { commandNamePattern } from '../text/names.js';
import { knownCommands } from './known-commands.js';

const commands = knownCommands();

describe('the known commands of the panel', () => {
  it('are some hundred, each with a name that a command may have', () => {
    expect(commands.size).toBeGreaterThan(400);
    for (const [name, spec] of commands) {
      expect(name).toMatch(commandNamePattern);
      expect(spec.name).toBe(name);
    }
  });

  it.each([
    ['v-add-access-key', [1]],
    ['v-list-users', []],
    ['v-add-database', [1]],
    ['v-list-mail-accounts', [1]],
  ])('say where USER stands in %s', (name, places) => {
    expect(commands.get(name)?.userPositions).toEqual(places);
  });

  it('never show a password of theirs in a log', () => {
    for (const { name, options, secretPositions } of commands.values()) {
      options.split(/\s+/).forEach((word, index) => {
        if (/PASS/i.test(word))
          expect([name, secretPositions]).toEqual([name, expect.arrayContaining([index + 1])]);
      });
    }
  });

  it('have no options called NONE', () => {
    for (const { options } of commands.values()) expect(options).not.toMatch(/^none$/i);
  });
});
