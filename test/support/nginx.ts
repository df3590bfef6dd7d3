/** A real nginx on a free port, with its files in a folder of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd } from './clean-up.js';
import { temporaryFolder } from './folders.js';
import { freePort } from './free-port.js';
import { within } from './waiting.js';

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
  writeFileSync(join(folder, 'nginx.conf'), conf.join('\n'));
  const child = spawn(
    'nginx',
    ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')],
    {
      env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
  atEnd(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'close');
  });
  await within(10_000, `nginx answers ${words}`, async () => {
    if (child.exitCode !== null) throw new Error(`nginx did not start: ${words}`);
    return fetch(`http://${listen[0] ?? '127.0.0.1'}:${String(port)}/`).then(
      () => true,
      () => false,
    );
  });
  return port;
}
