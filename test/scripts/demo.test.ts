import { beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installation, temporaryFolder } from '../support/folders.js';
import { ownEnvironment } from '../support/own-environment.js';
import { runProcess } from '../support/processes.js';
import { within } from '../support/waiting.js';
import { copyInstallation } from './installation-copy.js';

const runDemo = (folder: string, TMPDIR: string) =>
  runProcess(process.execPath, [join(folder, 'scripts/demo.mjs')], {
    env: { TMPDIR, HOME: temporaryFolder() },
    timeoutMs: 600_000,
  });

describe('npm run demo', () => {
  let temporary: string;
  let stdout: string;

  beforeAll(async () => {
    temporary = temporaryFolder();
    const ended = await runDemo(installation, temporary);
    expect(ended).toMatchObject({ code: 0 });
    stdout = ended.stdout;
  });

  it('asks five questions in each dialect, shows the record of them, and leaves nothing behind', () => {
    const requestsTo = (path: string): number =>
      stdout.match(new RegExp(`^  [A-Z]+ ${path}`, 'gm'))?.length ?? 0;
    expect(['/api/ ', '/api/accounts', '/v1/authorize '].map(requestsTo)).toEqual([5, 5, 5]);
    expect(stdout.match(/^ {4}→ \d+/gm)).toHaveLength(15);
    expect(stdout).toContain('code 0  alice.example SSL=no');
    expect(stdout).toContain('"reason":"key_unknown"');
    expect(stdout).toMatch(/ deny {3}\w{20} {2}v-delete-user alice {2}permission_missing$/m);
    expect(stdout).toMatch(/WHOLE: +yes/);
    expect(stdout).toContain('15 requests, 0 answered otherwise than expected.');
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('prints no secret', () => {
    expect(stdout).toMatch(/^ {6}[0-9A-Za-z]{20}:.{4}…/m);
    expect(stdout).not.toMatch(/[0-9A-Za-z_-]{40}/);
    expect(stdout).not.toContain('correct-horse');
  });
});

describe('a demo', () => {
  it('ends with 1, and says so, where an answer is not the expected one', async () => {
    const copy = copyInstallation(
      ...['bin', 'dist', 'examples', 'scripts', 'src', 'package-lock.json', 'tsconfig.json'],
    );
    const file = join(copy, 'scripts/lib/demo/requests.mjs');
    writeFileSync(file, readFileSync(file, 'utf8').replace("'permission_missing', 10", "'allowed', 10"));
    const temporary = temporaryFolder();
    const { code, stdout } = await runDemo(copy, temporary);
    expect(code).toBe(1);
    expect(stdout.match(/NOT AS EXPECTED/g)).toHaveLength(1);
    expect(stdout).toContain('15 requests, 1 answered otherwise than expected.');
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('that is interrupted stops its service and leaves nothing behind', async () => {
    const temporary = temporaryFolder();
    const demo = spawn(process.execPath, [join(installation, 'scripts/demo.mjs')], {
      env: ownEnvironment({ TMPDIR: temporary, HOME: temporaryFolder() }),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(demo, 'close');
    let printed = '';
    demo.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
    const serving = (): string | undefined => /serves at (http:\S+);/.exec(printed)?.[1];
    await within(60_000, 'it serves', () => serving() !== undefined);
    demo.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(readdirSync(temporary)).toEqual([]);
    await expect(fetch(`${serving() ?? ''}/livez`)).rejects.toThrow();
  });
});
