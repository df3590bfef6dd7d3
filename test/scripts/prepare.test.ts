import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { temporaryFolder } from '../support/folders.js';
import { runProcess, type ProcessResult } from '../support/processes.js';
import { copyInstallation } from './installation-copy.js';

/** The scripts of this installation, over two small sources. */
let copy: string;

const inCopy = (name: string): string => join(copy, name);
const built = (name: string): string => readFileSync(join(copy, 'dist', name), 'utf8');
const build = () =>
  runProcess(process.execPath, [inCopy('scripts/build.mjs')], {
    env: { HOME: temporaryFolder() },
    timeoutMs: 600_000,
  });

function write(name: string, text: string): void {
  mkdirSync(join(inCopy('src'), name, '..'), { recursive: true });
  writeFileSync(join(inCopy('src'), name), text);
}

beforeAll(() => {
  copy = copyInstallation('scripts', 'package-lock.json', 'tsconfig.json');
});

describe('a build', () => {
  it('is made where there is none, and leaves nothing beside it, not even of one that was killed', async () => {
    for (const name of ['main.ts', 'cli/late.ts', 'setup/main.ts', 'leak-scan/main.ts'])
      write(name, `export const version: string = 'first';\n`);
    write(
      'commands/help/help-document.ts',
      `export const helpDocument = (): object => ({ commands: [] });\n`,
    );
    write('cli/only-old.ts', `export {};\n`);
    mkdirSync(inCopy('.build-1/cli'), { recursive: true });
    expect(await build()).toMatchObject({ code: 0 });
    expect(built('main.js')).toContain('first');
    expect(JSON.parse(built('cli/late.js.map'))).toMatchObject({ sources: ['../../src/cli/late.ts'] });
    expect(readdirSync(copy).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('is not made again for a change in a test', async () => {
    write('main.test.ts', `export {};\n`);
    const { code, stderr } = await build();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('that fails says why, and leaves the old one as it was', async () => {
    write('main.ts', `export const version: string = ;\n`);
    write('cli/late.ts', `export const version: string = 'second';\n`);
    const failed = await build();
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.stderr).toContain('src/main.ts');
    for (const name of ['main.js', 'cli/late.js']) expect(built(name)).toContain('first');
    expect(readdirSync(copy).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('takes nothing away from what runs: every file is there at each moment, and new at the end', async () => {
    write('main.ts', `export const version: string = 'second';\n`);
    rmSync(inCopy('src/cli/only-old.ts'));
    let ended: ProcessResult | undefined;
    const building = build().then((result) => (ended = result));
    for (; ended === undefined; await nextTurn())
      for (const name of ['main.js', 'cli/late.js']) expect(built(name)).toMatch(/first|second/);
    expect(await building).toMatchObject({ code: 0 });
    for (const name of ['main.js', 'cli/late.js']) expect(built(name)).toContain('second');
    expect(existsSync(inCopy('dist/cli/only-old.js'))).toBe(false);
  });
});
