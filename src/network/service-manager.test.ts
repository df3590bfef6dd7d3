import { afterEach, describe, expect, it } from '@jest/globals';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/support/folders.js';
import { within } from '../../test/support/waiting.js';
import { ServiceManager } from './service-manager.js';

const pid = 4711;
const managers: ServiceManager[] = [];

afterEach(() => {
  for (const manager of managers.splice(0)) manager.stop();
});

/** A folder with a program in the place of systemd-notify, which writes down what it is to send. */
function notifyProgram(exitCode = 0): { folder: string; sent: () => string[] } {
  const folder = temporaryFolder();
  const file = join(folder, 'systemd-notify');
  const script = `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >>"${folder}/sent"\nexit ${String(exitCode)}\n`;
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  const log = join(folder, 'sent');
  return {
    folder,
    sent: () => (existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []),
  };
}

function managerOf(
  environment: Parameters<typeof ServiceManager.of>[0],
  errors: unknown[] = [],
): ServiceManager {
  const manager = ServiceManager.of(environment, pid, (error) => errors.push(error));
  managers.push(manager);
  return manager;
}

describe('under systemd', () => {
  it('it is told when the service is ready, and how long its stop may take', async () => {
    const { folder, sent } = notifyProgram();
    const manager = managerOf({ NOTIFY_SOCKET: '/run/n', PATH: folder });
    await manager.ready('Serving at X');
    await manager.stopping(310_000);
    expect(sent()).toEqual([
      '/run/n READY=1 STATUS=Serving at X',
      '/run/n STOPPING=1 STATUS=Waiting for running commands EXTEND_TIMEOUT_USEC=310000000',
    ]);
  });

  it('its watchdog hears of this process again and again', async () => {
    const { folder, sent } = notifyProgram();
    const watchdog = { WATCHDOG_USEC: '60000', WATCHDOG_PID: String(pid) };
    await managerOf({ NOTIFY_SOCKET: '/run/n', PATH: folder, ...watchdog }).ready('');
    await within(60_000, 'three messages', () =>
      Promise.resolve(sent().filter((line) => line === '/run/n WATCHDOG=1').length >= 3),
    );
  });

  it('a message that cannot be sent stops nothing', async () => {
    const errors: unknown[] = [];
    await managerOf({ NOTIFY_SOCKET: '/run/n', PATH: notifyProgram(1).folder }, errors).ready('');
    await managerOf({ NOTIFY_SOCKET: '/run/n', PATH: temporaryFolder() }, errors).ready('');
    expect(errors).toHaveLength(2);
  });
});

it('nothing is started where there is no systemd', async () => {
  const { folder, sent } = notifyProgram();
  const manager = managerOf({ PATH: folder, WATCHDOG_USEC: '3000' });
  await manager.ready('');
  await manager.stopping(1);
  expect(sent()).toEqual([]);
});
