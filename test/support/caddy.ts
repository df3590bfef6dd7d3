/** A real Caddy on a free port, with its files in a folder of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd } from './clean-up.js';
import { temporaryFolder } from './folders.js';
import { freePort } from './free-port.js';
import { programPath } from './programs.js';
import { within } from './waiting.js';

/**
 * @param sites - its Caddyfile, but for the options that keep it to itself
 * @param host - in `sites`, the name that becomes this machine's address and a free port
 */
export async function startCaddy(sites: string, host: string): Promise<number> {
  const folder = temporaryFolder();
  const port = await freePort();
  const file = join(folder, 'Caddyfile');
  const options = '{\n\tadmin off\n\tauto_https off\n}\n';
  writeFileSync(file, options + sites.replaceAll(host, () => `http://127.0.0.1:${String(port)}`));
  const child = spawn(programPath('caddy'), ['run', '--config', file, '--adapter', 'caddyfile'], {
    env: { PATH: process.env['PATH'], HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
  atEnd(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'close');
  });
  await within(60_000, 'Caddy answers', async () => {
    if (child.exitCode !== null) throw new Error(`Caddy did not start: ${words}`);
    return fetch(`http://127.0.0.1:${String(port)}/`).then(
      () => true,
      () => false,
    );
  });
  return port;
}
