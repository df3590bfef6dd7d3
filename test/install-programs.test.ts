import { describe, expect, it } from '@jest/globals';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installation, temporaryFolder } from './support/folders.js';
import { runProcess } from './support/processes.js';

const script = (name: string): string => join(installation, 'scripts', name);

/** A folder of programs that do no more than this. */
function programs(scripts: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

describe('what installs the programs that tests run', () => {
  it('names in one line what is missing where it may not install, and fails nothing', async () => {
    const env = { PATH: programs({ id: 'echo 1000', curl: 'exit 1', 'apt-get': 'echo installs' }) };
    const result = await runProcess('/bin/sh', [script('install-test-servers.sh')], { env });
    expect(result).toMatchObject({ code: 0, stdout: '' });
    expect(result.stderr).toMatch(/^Tests that need these packages are skipped [^\n]* openssl [^\n]*\n$/);
    expect(result.stderr).not.toMatch(/: curl| curl /);
  });
});

describe('what installs the load generator of the benchmarks', () => {
  const install = (scripts: Readonly<Record<string, string>>) =>
    runProcess('/bin/sh', [script('install-wrk.sh')], { env: { PATH: programs(scripts) } });

  it('does nothing where it is there', async () => {
    expect(await install({ wrk: '' })).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it('names it, and how to get it, where it may not install', async () => {
    const result = await install({ id: 'echo 1000', 'apt-get': 'echo installs' });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/^[^\n]* wrk, which is missing\. [^\n]*apt-get install wrk\n$/);
  });

  it('names it where there are no packages of Debian', async () => {
    const { code, stderr } = await install({ id: 'echo 0' });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/wrk.* missing\..* package "wrk"/)]);
  });
});
