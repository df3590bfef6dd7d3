/** The command line as it is typed at a real terminal: its width, its colours, and who sits there. */
import { beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { displayWidth } from '../../src/text/display-width.js';
import { installation } from '../support/folders.js';
import { style } from '../support/own-style.js';
import { runProcess } from '../support/processes.js';
import { describeWith } from '../support/programs.js';
import { TestService } from '../support/test-service.js';

let service: TestService;

beforeAll(async () => {
  service = await TestService.startOpen(['alice']);
  await service.ok('v-add-api', 'mistyped', 'user', 'v-list-usrs');
  for (let number = 1; number <= 3; number++)
    await service.makeKey('alice', 'mail-accounts,update-dns-records', `Söhne 日本 ${String(number)}`);
});

/** What a terminal of 80 columns shows. */
async function atTerminal(line: string, env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await runProcess('script', ['-qec', `stty cols 80; ${line}`, '/dev/null'], {
    env: { HEARTHKEY_SOCKET: service.config.socketPath, TERM: 'xterm', ...env },
  });
  return stdout.replaceAll('\r', '');
}

const bin = (name: string): string => join(installation, 'bin', name);

describeWith('script')('at a terminal', () => {
  it('tables fit, and have colour', async () => {
    for (const name of [
      ...['v-list-access-keys', 'v-list-apis', 'v-list-audit-events', 'v-list-commands', 'v-list-users'],
      ...['v-list-findings', 'v-list-sys-api-ips'],
    ]) {
      const shown = await atTerminal(bin(name));
      expect(shown).toMatch(style);
      const lines = shown.replace(style, '').split('\n');
      expect(lines.length).toBeGreaterThan(3);
      for (const line of lines.filter((text) => !text.includes('v-list-audit-events --before')))
        expect([line, displayWidth(line) <= 80]).toEqual([line, true]);
    }
  });

  it('NO_COLOR and a dumb terminal have no colour, but a table that fits', async () => {
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      const shown = await atTerminal(bin('v-list-access-keys'), env);
      expect(shown).not.toContain('\u001b');
      expect(shown).toContain('not shown for want of room: CREATED');
    }
  });

  it('what is printed into a pipe is what it was', async () => {
    const shown = await atTerminal(`${bin('v-list-access-keys')} alice | cat`);
    expect(shown).toBe(await service.ok('v-list-access-keys', 'alice'));
  });

  it('the record has the terminal of an operator', async () => {
    await atTerminal(`${bin('v-add-sys-api-ip')} 192.0.2.50`);
    const [event] = (await service.events('--command', 'v-add-sys-api-ip')).slice(-1);
    expect(event?.actor).toMatchObject({
      kind: 'operator',
      terminal: expect.stringMatching(/^pts\/\d+$/) as unknown,
    });
  });
});
