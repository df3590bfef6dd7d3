import { describe, expect, it } from '@jest/globals';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installation, temporaryFolder } from './support/folders.js';
import { runProcess } from './support/processes.js';

const script = join(installation, 'scripts/install-test-servers.sh');

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
    const result = await runProcess('/bin/sh', [script], { env });
    expect(result).toMatchObject({ code: 0, stdout: '' });
    expect(result.stderr).toMatch(/^Tests that need these packages are skipped [^\n]* openssl [^\n]*\n$/);
    expect(result.stderr).not.toMatch(/: curl| curl /);
  });
});
