/** A real Caddy on a free port, with its files in a folder of its own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './folders.js';
import { freePort } from './free-port.js';
import { startWebServer } from './web-server.js';

/**
 * @param sites - its Caddyfile, but for the options that keep it to itself
 * @param host - in `sites`, the name that becomes this machine's address and a free port
 */
export async function startCaddy(sites: string, host: string): Promise<number> {
  const folder = temporaryFolder();
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  const file = join(folder, 'Caddyfile');
  const options = '{\n\tadmin off\n\tauto_https off\n}\n';
  writeFileSync(file, options + sites.replaceAll(host, () => url));
  const env = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  await startWebServer('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], env, url);
  return port;
}
