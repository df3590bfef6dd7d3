/** A panel's command that runs as another user gets at nothing of the service. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Key } from '../support/client.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { ServiceProcess } from '../support/processes.js';

/** Each argument is a file; a line for each that can be read, written or connected to. */
const script = `
reach() {
  if [ -S "$1" ]; then
    node -e 'require("net").connect(process.argv[1]).on("connect", () => { console.log("connected to " + process.argv[1]); process.exit() }).on("error", () => process.exit())' "$1"
  elif head -c 1 "$1" >/dev/null 2>&1; then echo "read $1"
  elif ls "$1" >/dev/null 2>&1 && [ -d "$1" ]; then echo "listed $1"
  fi
  if [ -w "$1" ]; then echo "may write $1"; fi
}
for file in "$@"; do reach "$file"; done
echo end`;

// Only root can become somebody else.
(process.getuid?.() === 0 ? describe : describe.skip)('a command as HEARTHKEY_COMMANDS_USER', () => {
  let service: ServiceProcess;
  let root: Key;
  const gateSocket = join(temporaryFolder(), 'gate.sock');

  beforeAll(async () => {
    const COMMANDS_DIR = commandsDirectory({
      'v-reach-files': { script },
      'v-list-descriptors': { script: 'ls /proc/self/fd' },
      'v-list-groups': { script: 'grep -E "^(Uid|Gid|Groups|CapEff):" /proc/self/status' },
    });
    const settings = { COMMANDS_DIR, COMMANDS_USER: 'nobody', GATE_SOCKET: gateSocket };
    service = await ServiceProcess.start(settings);
    openAbove(service.dataDir);
    openAbove(gateSocket);
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    await service.ok('v-add-sys-api-ip', '127.0.0.1');
    root = await service.makeKey('admin', '');
  });

  it('reads, writes and connects to nothing that the service keeps', async () => {
    const below = (name: string): string => join(service.dataDir, name);
    const files = [
      ...[
        'pepper',
        'hearthkey.db',
        'hearthkey.db-wal',
        'audit/events.jsonl',
        'auth.log',
        'run/admin.sock',
        'api/billing',
      ].map(below),
      `${service.dataDir}-audit/key`,
      `${service.dataDir}-audit/key.head`,
      gateSocket,
    ];
    // Each is there: else the test would show nothing.
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    const inProc = ['environ', 'mem', 'maps', 'fd', 'root'].map(
      (name) => `/proc/${String(service.pid)}/${name}`,
    );
    const folders = [service.dataDir, `${service.dataDir}-audit`, below('run')];
    const all = [...files, ...inProc, ...folders];
    const found: string[] = [];
    for (let from = 0; from < all.length; from += 8) {
      const { body } = await service.call(root, 'v-reach-files', all.slice(from, from + 8));
      found.push(...body.trim().split('\n'));
    }
    expect(found.filter((line) => line !== 'end')).toEqual([]);
    // The script finds what can be reached.
    const openSocket = await listenForAnybody();
    const { body } = await service.call(root, 'v-reach-files', ['/etc/passwd', '/tmp', openSocket]);
    expect(body.trim().split('\n')).toEqual([
      ...['read /etc/passwd', 'listed /tmp', 'may write /tmp'],
      ...[`connected to ${openSocket}`, `may write ${openSocket}`, 'end'],
    ]);
  });

  it('inherits no descriptor, no group and no capability', async () => {
    const { body } = await service.call(root, 'v-list-descriptors');
    // What every program of this machine is started with, by the service or by another.
    const usual = spawnSync('sh', ['-c', 'ls /proc/self/fd'], { encoding: 'utf8' }).stdout;
    expect(body.trim().split('\n').sort()).toEqual(usual.trim().split('\n').sort());
    const status = (await service.call(root, 'v-list-groups')).body;
    expect(status).toMatch(/^Uid:\t65534\t65534\t65534\t65534$/m);
    expect(status).toMatch(/^Groups:[\t ]*(?:65534 ?)?$/m);
    expect(status).toMatch(/^CapEff:\t0{16}$/m);
  });
});

/** Else a folder above would be what keeps a command out. */
function openAbove(file: string): void {
  for (let folder = dirname(file); folder.startsWith('/tmp/'); folder = dirname(folder))
    chmodSync(folder, 0o755);
}

async function listenForAnybody(): Promise<string> {
  const socket = join(temporaryFolder(), 'open.sock');
  const server = createServer((connection) => connection.destroy())
    .listen(socket)
    .unref();
  await once(server, 'listening');
  openAbove(socket);
  chmodSync(socket, 0o777);
  return socket;
}
