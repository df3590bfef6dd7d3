// node scripts/release-fixture.mjs VERSION: makes test/fixtures/releases/VERSION, a small data directory as that release
// leaves it, which later versions have to open (test/service/releases.test.ts). Its secrets are for that test alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildOfRelease } from './lib/release-build.mjs';
import { root } from './lib/run.mjs';

const [version] = process.argv.slice(2);
if (version === undefined) throw new Error('expected a version');
const target = join(root, 'test/fixtures/releases', version);
if (existsSync(target)) throw new Error(`${target} is there already`);

const build = buildOfRelease(version, console.error);
const dataDir = join(mkdtempSync(join(tmpdir(), 'hk-')), 'data');
const socketPath = join(dataDir, 'run/admin.sock');

/** @returns what the command printed */
async function run(command, ...args) {
  const socket = connect(socketPath);
  socket.setEncoding('utf8').end(`${JSON.stringify({ command, args })}\n`);
  let text = '';
  for await (const chunk of socket) text += chunk;
  const frames = text.split('\n').filter(Boolean).map(JSON.parse);
  if (frames.at(-1)?.code !== 0) throw new Error(`${command}: ${text}`);
  return frames.map(({ stdout = '' }) => stdout).join('');
}

const service = spawn(process.execPath, [join(build, 'dist/bundle/serve.js')], {
  cwd: '/',
  env: {
    ...{ PATH: process.env.PATH, HOME: '/dev/null', HEARTHKEY_ENV_FILE: 'none' },
    ...{ HEARTHKEY_DATA_DIR: dataDir, HEARTHKEY_LISTEN: '127.0.0.1:0', HEARTHKEY_TMP_DIR: dataDir },
  },
  stdio: ['ignore', 'ignore', 'inherit'],
});
while (!existsSync(socketPath)) await sleep(50);

const passwords = { alice: 'fixture-password-1', bob: 'fixture-password-2' };
for (const [user, password] of Object.entries(passwords))
  await run('v-add-user', user, password, `${user}@example.com`);
await run('v-change-sys-config-value', 'API_SYSTEM', '2');
await run('v-change-sys-config-value', 'API', 'yes');
await run('v-add-sys-api-ip', '127.0.0.1');
await run('v-add-api', 'lists', 'user', 'v-list-user,v-list-access-keys');
const pair = async (...args) => (await run('v-add-access-key', ...args)).trim();
const keys = {
  root: await pair('admin', '', 'root', 'plain'),
  alice: await pair('alice', 'lists', 'of alice', 'plain'),
  bob: await pair('bob', 'lists', 'of bob', 'plain', '--rate-limit', '120/min', '--allow-ip', '127.0.0.0/8'),
  suspended: await pair('alice', 'lists', 'suspended', 'plain'),
};
await run('v-suspend-access-key', keys.suspended.split(':')[0]);
const legacyKey = (await run('v-generate-api-key')).trim();
service.kill('SIGTERM');
await once(service, 'close');
for (const name of ['lock', 'run']) rmSync(join(dataDir, name), { recursive: true, force: true });
cpSync(dataDir, join(target, 'data'), { recursive: true });
// Releases since 0.2.0 keep the key of the audit record beside the data.
if (existsSync(`${dataDir}-audit`))
  cpSync(`${dataDir}-audit`, join(target, 'data-audit'), { recursive: true });
writeFileSync(join(target, 'secrets.json'), `${JSON.stringify({ passwords, keys, legacyKey }, null, 2)}\n`);
