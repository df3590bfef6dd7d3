import { describe, expect, it } from '@jest/globals';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { requestIdOf } from '../../src/http/request-log.js';
import { commandsDirectory } from '../support/folders.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

describe('the log of requests', () => {
  const lines = (service: TestService): Record<string, unknown>[] =>
    service.log
      .split('\n')
      .filter((line) => line.includes('"answered"'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('has a line for each at the level debug, with its ID and without anything that it sent', async () => {
    const COMMANDS_DIR = commandsDirectory({ 'v-list-x': { script: 'echo x' } });
    const service = await TestService.startOpen([], { COMMANDS_DIR, LOG_LEVEL: 'debug' });
    const key = await service.makeKey('admin', '');
    const headers = { 'X-Request-ID': 'from-the-proxy/7' };
    expect((await service.call(key, 'v-list-x', [], { headers })).code).toBe(0);
    await service.request('GET', `/api/accounts/${key.secret}?x=${key.secret}`, undefined, { headers: {} });
    const question = { accessKeyId: key.id, secretAccessKey: key.secret, command: 'v-list-x' };
    await service.request('POST', '/v1/authorize', JSON.stringify(question), {
      headers: { 'Content-Type': 'application/json' },
    });
    await within(10_000, 'three lines', () => lines(service).length >= 3);
    expect(lines(service)).toMatchObject([
      { requestId: 'from-the-proxy/7', method: 'POST', route: '/api/', status: 200 },
      { requestId: expect.stringMatching(/^[0-9a-f]{8}-\w+$/) as unknown, route: '/api/*' },
      { route: '/v1/authorize', status: 200, peer: '127.0.0.1' },
    ]);
    expect(service.log).not.toContain(key.secret);
  });

  it.each(['yes', 'no'])('has the same lines with HEARTHKEY_FAST_PATH=%s', async (FAST_PATH) => {
    const COMMANDS_DIR = commandsDirectory({ 'v-list-x': { script: 'echo x' } });
    const service = await TestService.startOpen([], { COMMANDS_DIR, LOG_LEVEL: 'debug', FAST_PATH });
    const key = await service.makeKey('admin', '');
    expect((await service.call(key, 'v-list-x', [])).body).toBe('x');
    const question = { accessKeyId: key.id, secretAccessKey: key.secret, command: 'v-list-x' };
    // fetch keeps its connections, as gateways do: so it is a plain question.
    const answer = await fetch(`${service.url}/v1/authorize`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Request-ID': 'asked/8' },
      body: JSON.stringify(question),
    });
    expect(await answer.json()).toMatchObject({ allowed: true });
    await within(10_000, 'two lines', () => lines(service).length >= 2);
    const line = { method: 'POST', status: 200, ms: expect.any(Number) as unknown, peer: '127.0.0.1' };
    expect(lines(service)).toMatchObject([
      { ...line, route: '/api/' },
      { ...line, route: '/v1/authorize', requestId: 'asked/8' },
    ]);
    const { body } = await service.request('GET', '/metrics', undefined);
    expect(body).toContain(`hearthkey_fast_path_requests_total ${FAST_PATH === 'yes' ? '1' : '0'}\n`);
  });

  it('is not kept otherwise', async () => {
    const service = await TestService.start();
    await service.request('GET', '/livez', undefined);
    expect(lines(service)).toEqual([]);
  });
});

describe('the ID of a request', () => {
  const idOf = (given?: string | string[]): string =>
    requestIdOf({ headers: given === undefined ? {} : { 'x-request-id': given } });

  it('is the one that it came with, where that is fit for a log', () => {
    expect(idOf('a-1')).toBe('a-1');
    for (const given of ['', 'x'.repeat(129), 'a b', 'a"b', 'ä', 'a\nb', undefined]) {
      expect(idOf(given)).toMatch(/^[0-9a-f]{8}-[0-9a-z]+$/);
    }
    expect(idOf()).not.toBe(idOf());
  });
});

it('what is secret by its name is unreadable in every line', async () => {
  const { redactedPaths } = await import('../../src/config/logger.js');
  let text = '';
  const logger = pino(
    { redact: { paths: redactedPaths, censor: '***' } },
    new Writable({ write: (chunk: Buffer, _encoding, done) => ((text += chunk.toString()), done()) }),
  );
  logger.error({
    password: 'hunter2',
    err: { config: { authorization: 'hunter2' } },
    key: { secret: 'hunter2' },
  });
  expect(text).toContain('***');
  expect(text).not.toContain('hunter2');
});
