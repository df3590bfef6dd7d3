/** Ctrl-C at a service that runs commands. */
import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd } from '../support/clean-up.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { isAlive, ServiceProcess } from '../support/processes.js';
import { patienceMs, within } from '../support/waiting.js';

/** Ends when it is let go, at the latest when the test is over. */
async function startWithRunningCommand() {
  const folder = temporaryFolder();
  const [begun, go] = [join(folder, 'begun'), join(folder, 'go')];
  const script = `echo $$ > ${begun}; while [ ! -e ${go} ]; do sleep 0.05; done`;
  const COMMANDS_DIR = commandsDirectory({ 'v-list-slowly': { options: '', script } });
  const service = await ServiceProcess.start({ COMMANDS_DIR });
  await service.ok('v-add-sys-api-ip', '127.0.0.1');
  const key = await service.makeKey('admin', '');
  const answered = service.call(key, 'v-list-slowly', []).catch((error: unknown) => error);
  await within(patienceMs, 'the command runs', () => existsSync(begun) && readFileSync(begun, 'utf8') !== '');
  const pid = Number(readFileSync(begun, 'utf8'));
  // Its folder is removed afterwards, and a command that outlived its service would wait for ever.
  const letGo = async () => {
    writeFileSync(go, '');
    await within(patienceMs, 'the command has ended', () => !isAlive(pid));
  };
  atEnd(letGo);
  return { service, answered, letGo };
}

describe('Ctrl-C', () => {
  it('says how many commands run and for how long, and waits for them', async () => {
    const { service, answered, letGo } = await startWithRunningCommand();
    const ended = service.end('SIGINT');
    const words =
      /Waiting for 1 command, which has run for \d+ s\. Ctrl-C once more ends the service at once/;
    await within(patienceMs, 'it says what runs', () => words.test(service.stderr));
    await letGo();
    expect(await ended).toMatchObject({ code: 0 });
    expect(await answered).toMatchObject({ status: 204 });
  });

  it('ends the service at once when it is pressed again', async () => {
    const { service, answered } = await startWithRunningCommand();
    const ended = service.end('SIGINT');
    await within(patienceMs, 'it says what runs', () => service.stderr.includes('Waiting for 1 command'));
    await service.end('SIGINT');
    expect(await ended).toMatchObject({ code: 130 });
    await answered;
  });

  it('says nothing of commands where none runs', async () => {
    const service = await ServiceProcess.start();
    const { code, stderr } = await service.end('SIGINT');
    expect(code).toBe(0);
    expect(stderr).not.toContain('Waiting');
  });
});
