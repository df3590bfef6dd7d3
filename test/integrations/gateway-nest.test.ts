/** `examples/gateway-nest` as a process, in front of the real service as another, with keys of the real command line. */
import { beforeAll, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { atEnd } from '../support/clean-up.js';
import { installation, temporaryFolder } from '../support/folders.js';
import { freePort } from '../support/free-port.js';
import { ownEnvironment } from '../support/own-environment.js';
import { ServiceProcess } from '../support/processes.js';
import { within } from '../support/waiting.js';

const gateSocket = join(temporaryFolder(), 'gate.sock');
let service: ServiceProcess;
let example: string;

beforeAll(async () => {
  service = await startService();
  const operator: [string, ...string[]][] = [
    ['v-change-sys-config-value', 'API_SYSTEM', '2'],
    ['v-add-sys-api-ip', '127.0.0.1'],
    ['v-add-user', 'alice', 'correct-horse-1', 'alice@example.com'],
  ];
  for (const [command, ...args] of operator) await run(command, args);
  example = await startExample();
});

const startService = (more: Record<string, string> = {}): Promise<ServiceProcess> =>
  ServiceProcess.start({ GATE_SOCKET: gateSocket, ...more });

async function run(command: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await service.bin(command, args);
  if (code !== 0) throw new Error(`${command}: ${String(code)} ${stdout}${stderr}`);
  return stdout.trim();
}

/** As its README says, on another port. */
async function startExample(): Promise<string> {
  const script = join(installation, 'scripts/build-packages.mjs');
  expect(spawnSync(process.execPath, [script], { stdio: 'ignore' }).status).toBe(0);
  const port = await freePort();
  const main = join(installation, 'examples/gateway-nest/dist/main.js');
  const child = spawn(process.execPath, [main], {
    env: ownEnvironment({ HEARTHKEY_GATE_SOCKET: gateSocket, PORT: String(port) }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  atEnd(() => void child.kill('SIGKILL'));
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  await within(10_000, 'the example listens', () => printed.includes('listens at'));
  return `http://127.0.0.1:${String(port)}`;
}

async function call(method: string, path: string, pair?: string): Promise<{ status: number; body: string }> {
  const headers: Record<string, string> = pair === undefined ? {} : { Authorization: `Bearer ${pair}` };
  const response = await fetch(`${example}${path}`, { method, headers });
  return { status: response.status, body: await response.text() };
}

/** The same, again while a busy machine keeps the gateway from getting its decision in a second. */
async function callDecided(...args: Parameters<typeof call>): ReturnType<typeof call> {
  let answer = await call(...args);
  await within(5000, 'a decision', async () => {
    if (answer.status === 503) answer = await call(...args);
    return answer.status !== 503;
  });
  return answer;
}

const domains = '/users/alice/mail-domains';
const makeKey = (): Promise<string> =>
  run('v-add-access-key', ['alice', 'mail-accounts', 'example', 'plain']);

it('serves its routes to a key that may run their commands', async () => {
  const pair = await makeKey();
  expect(await callDecided('GET', domains, pair)).toEqual({ status: 200, body: '["alice.example"]' });
  expect((await callDecided('GET', '/users/bob/mail-domains', pair)).status).toBe(403);
  expect((await callDecided('GET', domains)).status).toBe(401);
  expect(await callDecided('GET', '/health')).toEqual({ status: 200, body: '{"status":"ok"}' });
});

it('denies a key that is revoked between two requests', async () => {
  const pair = await makeKey();
  expect((await callDecided('GET', domains, pair)).status).toBe(200);
  await run('v-delete-access-key', [pair.split(':', 1)[0] ?? '']);
  const denied = await callDecided('GET', domains, pair);
  expect(denied.status).toBe(401);
  expect(denied.body).not.toContain(pair.split(':')[1]);
});

it('denies a permission that is taken between two requests', async () => {
  const pair = await makeKey();
  expect((await callDecided('GET', domains, pair)).status).toBe(200);
  await run('v-change-access-key', [pair.split(':', 1)[0] ?? '', 'PERMISSIONS', 'update-dns-records']);
  expect((await callDecided('GET', domains, pair)).status).toBe(403);
});

it('answers 503 while the service is silent or away, and serves again when it is back', async () => {
  const pair = await makeKey();
  expect((await callDecided('GET', domains, pair)).status).toBe(200);

  process.kill(service.pid, 'SIGSTOP');
  const askedAtMs = performance.now();
  expect((await call('GET', domains, pair)).status).toBe(503);
  // A second of the gateway's own; its timer never ends early.
  expect(performance.now() - askedAtMs).toBeGreaterThan(900);
  expect((await call('GET', '/health')).status).toBe(200);
  process.kill(service.pid, 'SIGCONT');
  expect((await callDecided('GET', domains, pair)).status).toBe(200);

  await service.end('SIGKILL');
  expect((await call('GET', domains, pair)).status).toBe(503);
  service = await startService({ DATA_DIR: service.dataDir });
  expect((await callDecided('GET', domains, pair)).status).toBe(200);
});
