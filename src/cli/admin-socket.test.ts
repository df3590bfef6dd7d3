import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/support/folders.js';
import { runProcess } from '../../test/support/processes.js';
import { AdminSocket } from './admin-socket.js';
import type { OperatorCommands } from './operator-commands.js';

const started: AdminSocket[] = [];

async function listen(path: string): Promise<void> {
  const commands = { run: () => Promise.resolve({ code: 0, output: `of ${path}` }) };
  const socket = new AdminSocket(path, commands as unknown as OperatorCommands, () => undefined);
  started.push(socket);
  await socket.listen();
}

async function ask(path: string): Promise<string> {
  const socket = connect(path).setEncoding('utf8');
  socket.end(`${JSON.stringify({ command: 'v-list-users', args: [] })}\n`);
  let answer = '';
  socket.on('data', (text: string) => (answer += text));
  await once(socket, 'close');
  return answer;
}

const modeOf = (path: string): number => statSync(path).mode & 0o7777;

afterEach(async () => {
  for (const socket of started.splice(0)) await socket.close();
});

describe('the folder of the admin socket', () => {
  it('is made for its own user alone where it is missing', async () => {
    const folder = join(temporaryFolder(), 'run');
    await listen(join(folder, 'admin.sock'));
    expect(modeOf(folder)).toBe(0o700);
    expect(modeOf(join(folder, 'admin.sock'))).toBe(0o600);
  });

  it.each(['1777', '755', '750', '701'])('of mode %s is refused, and left as it was', async (mode) => {
    const folder = join(temporaryFolder(), 'run');
    mkdirSync(folder);
    chmodSync(folder, parseInt(mode, 8));
    await expect(listen(join(folder, 'admin.sock'))).rejects.toThrow(
      `HEARTHKEY_SOCKET: the folder ${folder} has to be the service's own, with mode 0700`,
    );
    expect(modeOf(folder)).toBe(parseInt(mode, 8));
    expect(existsSync(join(folder, 'admin.sock'))).toBe(false);
  });

  it("that is somebody else's is refused, also where root could use it", async () => {
    const isRoot = process.getuid?.() === 0;
    const folder = isRoot ? temporaryFolder() : '/';
    if (isRoot) chownSync(folder, 65534, 65534);
    await expect(listen(join(folder, 'admin.sock'))).rejects.toThrow(`the folder ${folder} has to be`);
  });
});

describe('the admin socket', () => {
  it('never takes the place of a file', async () => {
    const file = join(temporaryFolder(), 'precious');
    writeFileSync(file, 'kept');
    await expect(listen(file)).rejects.toThrow(`HEARTHKEY_SOCKET: ${file} exists and is no socket`);
    expect(readFileSync(file, 'utf8')).toBe('kept');
  });

  it('never takes the place of one where another service answers', async () => {
    const path = join(temporaryFolder(), 'admin.sock');
    await listen(path);
    await expect(listen(path)).rejects.toThrow(`HEARTHKEY_SOCKET: ${path} is in use by another process`);
    expect(await ask(path)).toContain(`of ${path}`);
  });

  it('takes the place of one that a killed service left', async () => {
    const path = join(temporaryFolder(), 'admin.sock');
    const script = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
    await runProcess(process.execPath, ['-e', script, path]);
    expect(existsSync(path)).toBe(true);
    await listen(path);
    expect(await ask(path)).toContain(`of ${path}`);
  });
});
