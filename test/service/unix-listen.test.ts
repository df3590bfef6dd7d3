/** The HTTP adapters at a Unix socket: the other end is the proxy, and says for whom it asks. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { lstatSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Key } from '../support/client.js';
import { temporaryFolder } from '../support/folders.js';
import { askSocket } from '../support/gate.js';
import { readBlocks, replaceAll } from '../support/documents.js';
import { startNginx } from '../support/nginx.js';
import { Client } from '../support/client.js';
import { describeWith } from '../support/programs.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const allowed = '203.0.113.9';
let service: TestService;
let path: string;
let key: Key;

beforeAll(async () => {
  path = join(temporaryFolder(), 'http.sock');
  service = await TestService.start({ LISTEN: `127.0.0.1:0,unix:${path}` });
  await service.ok('v-add-sys-api-ip', allowed);
  key = await service.makeKey('admin', '');
});

const fields = (): Record<string, string> => ({ hash: key.pair, cmd: 'v-list-users', arg1: 'json' });

function call(headers: Record<string, string> = {}, at = path) {
  return askSocket(at, 'POST', '/api/', fields(), headers);
}

describe('at a Unix socket', () => {
  it('the client is the last address that the proxy tells of', async () => {
    expect((await call({ 'X-Forwarded-For': allowed })).status).toBe(200);
    expect((await call({ 'X-Forwarded-For': `198.51.100.1, ${allowed}` })).status).toBe(200);
    expect((await call({ 'X-Forwarded-For': `${allowed}, 198.51.100.1` })).status).toBe(401);
    const events = await service.events('--key', key.id);
    expect(events.at(-1)).toMatchObject({ clientAddress: '198.51.100.1', reason: 'address_not_allowed' });
  });

  it('without such a header nobody knows the client: only allow-all lets it in', async () => {
    expect(await call()).toMatchObject({ status: 401 });
    await service.ok('v-add-sys-api-ip', 'allow-all');
    expect((await call()).status).toBe(200);
    await service.ok('v-delete-sys-api-ip', 'allow-all');
  });

  it('over TCP the same header counts from nobody, also not from one who has hung up', async () => {
    const options = { forwardedFor: allowed };
    expect((await service.api(fields(), options)).status).toBe(401);
    const body = new URLSearchParams(fields()).toString();
    const before = (await service.events('--outcome', 'allow')).length;
    for (let round = 0; round < 20; round++) {
      const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
      await once(socket, 'connect');
      const type = 'Content-Type: application/x-www-form-urlencoded';
      socket.write(
        `POST /api/ HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${allowed}\r\n${type}\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`,
        () => socket.resetAndDestroy(),
      );
      await once(socket, 'close');
    }
    expect((await service.api(fields(), options)).status).toBe(401);
    expect(await service.events('--outcome', 'allow')).toHaveLength(before);
  });

  it('decisions are told as at the gate socket, and metrics are not', async () => {
    const question = { accessKeyId: key.id, secretAccessKey: key.secret, command: 'v-list-users' };
    const asked = await askSocket(path, 'POST', '/v1/authorize', { ...question, clientIp: allowed });
    expect(JSON.parse(asked.body)).toMatchObject({ allowed: true });
    const proxied = await askSocket(path, 'POST', '/v1/authorize', question, { 'X-Forwarded-For': allowed });
    expect(proxied.status).toBe(403);
    expect((await askSocket(path, 'GET', '/metrics')).status).toBe(403);
    expect((await askSocket(path, 'GET', '/livez')).status).toBe(200);
  });

  it('only the owner and the group can open it', () => {
    expect(lstatSync(path).mode & 0o777).toBe(0o660);
  });
});

describe('a Unix socket alone', () => {
  it('is given to the group of the proxy, replaces what a killed service left, and ends with the service', async () => {
    const own = join(temporaryFolder(), 'http.sock');
    const left = createServer().listen(own);
    await once(left, 'listening');
    const settings = { LISTEN: `unix:${own}`, LISTEN_GROUP: 'www-data' };
    await expect(TestService.start(settings)).rejects.toThrow('is in use by another process');
    left.close();
    const alone = await TestService.start(settings);
    expect(alone.url).toBe(`unix:${own}`);
    expect(lstatSync(own).gid).toBeGreaterThan(0);
    await alone.ok('v-add-sys-api-ip', allowed);
    key = await alone.makeKey('admin', '');
    expect((await call({ 'X-Forwarded-For': allowed }, own)).status).toBe(200);
    await alone.close();
    await expect(call({}, own)).rejects.toThrow();
  });

  it('has its time limits, too', async () => {
    const own = join(temporaryFolder(), 'http.sock');
    const limits = { headMs: 300, requestMs: 300, handshakeMs: 300, checkMs: 50 };
    const places = [`unix:${own}`, `127.0.0.1:0,unix:${own}`];
    for (const LISTEN of places) {
      const alone = await TestService.start({ LISTEN }, { httpTimeouts: limits });
      const socket = connect(own);
      let hasEnded = false;
      socket
        .on('close', () => (hasEnded = true))
        .on('error', () => undefined)
        .resume();
      await once(socket, 'connect');
      socket.write('POST /api/ HTTP/1.1\r\n');
      await within(60_000, 'it is ended', () => hasEnded);
      await alone.close();
    }
  });

  it.each<[string, Record<string, string>, string]>([
    ['a file is in its place', {}, 'exists and is no socket'],
    ['its group is none', { LISTEN_GROUP: 'no-such-group' }, 'there is no group no-such-group'],
  ])('stops the start where %s', async (what, more, problem) => {
    const own = join(temporaryFolder(), 'http.sock');
    if (what.startsWith('a file')) writeFileSync(own, '');
    await expect(TestService.start({ LISTEN: `unix:${own}`, ...more })).rejects.toThrow(problem);
  });
});

describeWith('nginx')('nginx in front of /api/, with the lines of docs/integrations/nginx.md', () => {
  it('is believed, and its clients are not', async () => {
    const [, , server = ''] = readBlocks('docs/integrations/nginx.md', 'nginx');
    const own = join(temporaryFolder(), 'http.sock');
    const behind = await TestService.start({ LISTEN: `127.0.0.1:0,unix:${own}` });
    await behind.ok('v-add-sys-api-ip', '127.0.0.5');
    key = await behind.makeKey('admin', '');
    const port = await startNginx(replaceAll(server, { '/run/hearthkey/http.sock': own }), ['127.0.0.1']);
    const front = new Client(`http://127.0.0.1:${String(port)}`, behind.socketPath);
    expect((await front.api(fields(), { from: '127.0.0.5' })).status).toBe(200);
    expect((await front.api(fields(), { from: '127.0.0.6', forwardedFor: '127.0.0.5' })).status).toBe(401);
    expect((await fetch(`${front.url}/v1/authorize`)).status).toBe(404);
  });
});
