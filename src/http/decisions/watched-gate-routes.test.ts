import { describe, expect, it } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutDescriptors } from '../../../test/support/descriptors.js';
import { temporaryFolder } from '../../../test/support/folders.js';
import { WatchedGateRoutes } from './watched-gate-routes.js';

const line = (command: string): string => `GET /x ${command}\n`;

/** A table whose clock stands still until it is told. */
function watch(text: string) {
  const file = join(temporaryFolder(), 'routes');
  writeFileSync(file, text);
  const problems: string[] = [];
  let nowMs = 0;
  const routes = new WatchedGateRoutes(
    file,
    (problem) => problems.push(problem),
    () => nowMs,
  );
  const commands = (): string[] => routes.current().map(({ command }) => command);
  /** Lets time go by, with a look as often as they are due. */
  const pass = (ms: number): string[] => {
    for (const end = nowMs + ms; nowMs < end; nowMs += 50) commands();
    return commands();
  };
  routes.start();
  routes.stop(); // current() looks by itself
  return { file, problems, commands, pass, routes };
}

describe('the route table on the disk', () => {
  it('is in force within a second of an edit, and not before it has kept still', () => {
    const { file, commands, pass } = watch(line('v-list-users'));
    expect(commands()).toEqual(['v-list-users']);
    writeFileSync(file, line('v-list-user-ips'));
    expect(pass(250)).toEqual(['v-list-users']);
    expect(pass(750)).toEqual(['v-list-user-ips']);
  });

  it.each([
    ['is removed', (file: string) => rmSync(file), "can't be read: it is not there (ENOENT)"],
    [
      'is broken',
      (file: string) => writeFileSync(file, 'GET /x\n'),
      'is no route table: line 1: expected a command',
    ],
  ])('that %s has no lines within a second, and says so once', (_what, change, problem) => {
    const { file, pass, problems } = watch(line('v-list-users'));
    change(file);
    expect(pass(1000)).toEqual([]);
    expect(pass(1000)).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
    writeFileSync(file, line('v-list-user-ips'));
    expect(pass(1000)).toEqual(['v-list-user-ips']);
  });

  it('that could not be opened for want of descriptors is read when there are some again', () => {
    const { file, pass, problems } = watch(line('v-list-users'));
    withoutDescriptors(() => expect(pass(1000)).toEqual(['v-list-users']));
    writeFileSync(file, line('v-list-user-ips'));
    withoutDescriptors(() => expect(pass(1000)).toEqual([]));
    expect(pass(1000)).toEqual(['v-list-user-ips']);
    expect(problems).toEqual([]);
  });

  it('may begin with a byte order mark', () => {
    expect(watch(`\uFEFF${line('v-list-users')}`).pass(0)).toEqual(['v-list-users']);
  });

  it('that does not keep still has no lines until it does', () => {
    const { file, pass } = watch(line('v-list-users'));
    for (let count = 1; count <= 6; count++) {
      writeFileSync(file, '#'.repeat(count) + '\n' + line('v-list-users'));
      pass(200);
    }
    expect(pass(0)).toEqual([]);
    expect(pass(1000)).toEqual(['v-list-users']);
  });

  it('that can not be used stops the start, with a message that names the setting', () => {
    const file = join(temporaryFolder(), 'routes');
    const start = (): void => new WatchedGateRoutes(file, () => undefined).start();
    expect(start).toThrow(`HEARTHKEY_GATE_ROUTES: ${file} can't be read: it is not there (ENOENT)`);
    writeFileSync(file, 'GET');
    expect(start).toThrow(`HEARTHKEY_GATE_ROUTES: ${file} is no route table: line 1: expected a path`);
  });
});
