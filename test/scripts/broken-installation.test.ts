/** What is missing in an installation is named, with what to do, and never with a stack. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { installation, temporaryFolder } from '../support/folders.js';
import { ownSettings } from '../support/own-environment.js';
import { runProcess, ServiceProcess } from '../support/processes.js';

let copy: string;

beforeAll(async () => {
  // It builds what the copy is of.
  await (await ServiceProcess.start()).end();
  copy = join(temporaryFolder(), 'copy');
  for (const name of ['package.json', 'dist'])
    cpSync(join(installation, name), join(copy, name), { recursive: true });
  const packages = join(copy, 'node_modules');
  mkdirSync(join(packages, '@photostructure'), { recursive: true });
  const there = join(installation, 'node_modules');
  for (const name of readdirSync(there))
    if (!['argon2', '@photostructure'].includes(name)) symlinkSync(join(there, name), join(packages, name));
});

/** Puts both packages in order, then breaks one of them. */
function start(spoil: () => void) {
  for (const name of ['argon2', '@photostructure/sqlite']) {
    rmSync(join(copy, 'node_modules', name), { recursive: true, force: true });
    cpSync(join(installation, 'node_modules', name), join(copy, 'node_modules', name), { recursive: true });
  }
  spoil();
  return runProcess(process.execPath, [join(copy, 'dist/bundle/serve.js')], { env: ownSettings({}) });
}

describe.each(['argon2', '@photostructure/sqlite'])('%s', (name) => {
  it.each([
    ['without its binary', 'prebuilds', 'has no binary for this machine'],
    ['that is not there', '', 'is not installed'],
  ])('%s is named as what to install anew', async (_what, part, problem) => {
    const { code, stdout, stderr } = await start(() =>
      rmSync(join(copy, 'node_modules', name, part), { recursive: true }),
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^Hearthkey can't start: the package [^\n]+: install it anew \(npm ci [^\n]+\)\n$/,
    );
    expect(stderr).toContain(`the package ${name} ${problem}`);
  });
});
