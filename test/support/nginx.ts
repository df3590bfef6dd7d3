/** A real nginx on a free port, with its files in a folder of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './folders.js';
import { freePort } from './free-port.js';
import { startWebServer } from './web-server.js';

/**
 * @param server - lines of its `server` block
 * @param listen - on which local addresses
 * @param http - lines of its `http` block
 * @returns the port
 */
export async function startNginx(
  server: string,
  listen: readonly string[] = ['127.0.0.1'],
  http = '',
): Promise<number> {
  const folder = temporaryFolder();
  const port = await freePort();
  mkdirSync(join(folder, 'temp'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const conf = [
    'daemon off; worker_processes 1; user root; error_log error.log; pid nginx.pid;',
    'events { worker_connections 256; }',
    'http {',
    'access_log off;',
    ...temporary.map((name) => `${name}_temp_path temp/${name};`),
    http,
    'server {',
    ...listen.map((address) => `listen ${address}:${String(port)};`),
    server,
    '}',
    '}',
  ];
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, conf.join('\n'));
  const url = `http://${listen[0] ?? '127.0.0.1'}:${String(port)}`;
  await startWebServer('nginx', ['-p', folder, '-c', file, '-e', join(folder, 'error.log')], {}, url);
  return port;
}
