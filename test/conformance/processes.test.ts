import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../support/processes.js';
import { within } from '../support/waiting.js';

const script = `
  import { start, temporaryFolder, cleanUpAtExit } from ${JSON.stringify(join(import.meta.dirname, 'processes.ts'))};
  cleanUpAtExit();
  const folder = temporaryFolder();
  const child = start(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  console.log(JSON.stringify({ folder, pid: child.pid }));
`;

describe('what the harness starts', () => {
  it.each(['SIGINT', 'SIGKILL'] as const)('is gone when it is ended by %s', async (signal) => {
    const env = { ...process.env, NODE_OPTIONS: '' };
    const args = ['--import', 'tsx', '--input-type=module', '-e', script];
    const harness = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(harness.stdout, 'data')) as [Buffer];
    const { folder, pid } = JSON.parse(line.toString()) as { folder: string; pid: number };
    expect([isAlive(pid), existsSync(folder)]).toEqual([true, true]);
    harness.kill(signal);
    await once(harness, 'exit');
    await within(10_000, 'both are gone', () => !isAlive(pid) && !existsSync(folder));
  });
});
