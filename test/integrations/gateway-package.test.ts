/** The package `@hearthkey/gateway` with the real service, and its hooks in the real frameworks. */
import 'reflect-metadata';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, UseGuards, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import express from 'express';
import Fastify, { type FastifyRequest } from 'fastify';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  createGate,
  type DecisionEvent,
  type Gate,
  type GateOptions,
  type GateQuestion,
} from '../../packages/gateway/src/gate.js';
import * as forExpress from '../../packages/gateway/src/express.js';
import * as forFastify from '../../packages/gateway/src/fastify.js';
import {
  HearthkeyGatewayModule,
  HearthkeyGuard,
  PublicRoute,
  RequireCommand,
  type HearthkeyGatewayOptions,
} from '../../packages/gateway/src/nest.js';
import type { Key } from '../support/client.js';
import { startGatedService, type GatedService } from '../support/gated-service.js';

let gated: GatedService;
let alice: Key;
let bob: Key;

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

beforeAll(async () => {
  gated = await startGatedService(['127.0.0.1', '203.0.113.9']);
  ({ alice } = gated);
  await gated.service.addUser('bob');
  bob = await gated.service.makeKey('bob', 'mail-accounts');
});

function gateAt(options: GateOptions = {}): Gate {
  const place = options.url === undefined ? { socketPath: gated.gateSocket } : {};
  const gate = createGate({ ...place, timeoutMs: 300_000, ...options });
  cleanUps.push(() => gate.close());
  return gate;
}

const question = (key: Key, user: string, more: Partial<GateQuestion> = {}): GateQuestion => ({
  ...{ accessKeyId: key.id, secretAccessKey: key.secret, command: 'v-list-mail-domains' },
  ...{ args: [user], clientIp: '203.0.113.9', ...more },
});

describe('a gate', () => {
  it.each(['socketPath', 'url'])('gives the decision of /v1/authorize, over %s', async (place) => {
    const gate = gateAt(place === 'url' ? { url: gated.service.url } : {});
    expect(await gate.authorize(question(alice, 'alice'))).toEqual({
      ...{ allowed: true, code: 0, reason: 'allowed', user: 'alice', isRootUser: false },
      ...{ permissions: ['mail-accounts'], userArgPosition: 1, userArgPositions: [1] },
    });
    expect(await gate.authorize(question(alice, 'bob'))).toEqual({
      ...{ allowed: false, code: 10, reason: 'user_argument_mismatch', user: 'alice' },
    });
  });

  it('takes a revocation at once: it keeps no decision', async () => {
    const gate = gateAt();
    const key = await gated.service.makeKey('alice', 'mail-accounts');
    expect((await gate.authorize(question(key, 'alice'))).allowed).toBe(true);
    await gated.service.ok('v-delete-access-key', key.id);
    expect(await gate.authorize(question(key, 'alice'))).toMatchObject({ reason: 'key_unknown' });
  });

  it('asks for many at once, and each is judged and recorded for itself', async () => {
    const events: DecisionEvent[] = [];
    const gate = gateAt({ connections: 1, onDecision: (event) => events.push(event) });
    const wrong = { ...alice, secret: bob.secret };
    const kinds: [GateQuestion, string][] = [
      [question(alice, 'alice'), 'allowed'],
      [question(alice, 'bob'), 'user_argument_mismatch'],
      [question(bob, 'bob'), 'allowed'],
      [question(wrong, 'alice'), 'secret_mismatch'],
      [question(alice, 'alice', { args: [] }), 'user_argument_mismatch'],
      [question(alice, 'alice', { command: 'v-delete-user' }), 'permission_missing'],
      [question(alice, 'alice', { clientIp: '198.51.100.1' }), 'address_not_allowed'],
      [question(alice, 'alice', { clientIp: 'unknown' }), 'address_malformed'],
      [question({ ...alice, id: 'x'.repeat(101) }, 'alice'), 'credentials_malformed'],
      [question(alice, 'alice', { args: ['a\0'] }), 'command_malformed'],
    ];
    const asked = Array.from({ length: 20 }, () => kinds).flat();
    const decisions = await Promise.all(asked.map(([one]) => gate.authorize(one)));
    const expected = asked.map(([one, reason]) =>
      reason === 'allowed' ? [reason, one.args?.[0]] : [reason],
    );
    const seen = decisions.map((one) => (one.allowed ? [one.reason, one.user] : [one.reason]));
    expect(seen).toEqual(expected);
    expect(events.filter(({ bundled }) => bundled).length).toBeGreaterThan(asked.length / 2);
    // The answer to one that is asked alone is the same.
    for (const [one, reason] of kinds) expect(await gate.authorize(one)).toMatchObject({ reason });
    const recorded = await gated.service.events('--key', bob.id, '--outcome', 'allow');
    expect(recorded).toHaveLength(21);
  });
});

interface Answered {
  status: number;
  type: string | null;
  headers: Headers;
  text: string;
}

async function get(url: string, authorization?: string): Promise<Answered> {
  const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };
  const response = await fetch(url, { headers });
  const type = response.headers.get('content-type');
  return { status: response.status, type, headers: response.headers, text: await response.text() };
}

/** What every framework has to answer at /users/:user/mail-domains. */
async function expectGuarded(url: string): Promise<void> {
  const at = (user: string): string => `${url}/users/${user}/mail-domains`;
  expect(await get(at('alice'), `Bearer ${alice.pair}`)).toMatchObject({ status: 200, text: '["alice"]' });
  const denials: [string, string | undefined, number, number][] = [
    [at('bob'), `Bearer ${alice.pair}`, 403, 10],
    [at('alice'), undefined, 401, 9],
    [at('alice'), `Bearer ${alice.id}:${bob.secret}`, 401, 9],
    [at('alice'), `Basic ${btoa(alice.pair)}`, 401, 9],
  ];
  for (const [place, authorization, status, code] of denials) {
    const answer = await get(place, authorization);
    expect(answer).toMatchObject({ status, type: 'application/problem+json; charset=utf-8' });
    expect(JSON.parse(answer.text)).toMatchObject({ type: 'about:blank', status, code });
    expect(answer.text).not.toMatch(/mismatch|unknown|malformed|alice/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
  }
}

const unreachable = { socketPath: '/nowhere/gate.sock' };

async function expectUnavailable(url: string): Promise<void> {
  const answer = await get(`${url}/users/alice/mail-domains`, `Bearer ${alice.pair}`);
  expect(answer).toMatchObject({ status: 503, type: 'application/problem+json; charset=utf-8' });
  expect(answer.headers.get('retry-after')).toBe('1');
}

describe('the hook of Fastify', () => {
  interface Route {
    Params: { user: string };
  }

  async function start(gate: Gate): Promise<string> {
    const app = Fastify();
    const onRequest = forFastify.requireCommand<FastifyRequest<Route>>(
      gate,
      'v-list-mail-domains',
      ({ params }) => [params.user],
    );
    app.get<Route>('/users/:user/mail-domains', { onRequest }, (request) => [
      forFastify.accessOf(request)?.user,
    ]);
    cleanUps.push(() => app.close());
    return app.listen({ host: '127.0.0.1', port: 0 });
  }

  it('lets in who may run the command, and nobody else', async () => {
    await expectGuarded(await start(gateAt()));
  });

  it('lets nobody in where no decision can be had', async () => {
    await expectUnavailable(await start(gateAt(unreachable)));
  });
});

describe('the middleware of Express', () => {
  async function start(gate: Gate, options: forExpress.GuardOptions<express.Request> = {}): Promise<string> {
    const app = express();
    const list = forExpress.requireCommand<express.Request>(
      gate,
      'v-list-mail-domains',
      (request) => [request.params['user'] ?? request.query['user']],
      options,
    );
    app.get(['/users/:user/mail-domains', '/mail-domains'], list, (request, response) => {
      response.json([forExpress.accessOf(request)?.user]);
    });
    app.use(
      (error: Error, _request: express.Request, response: express.Response, next: express.NextFunction) => {
        if (response.headersSent) next(error);
        else response.status(500).end('failed');
      },
    );
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanUps.push(async () => server.close());
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  it('lets in who may run the command, and nobody else', async () => {
    await expectGuarded(await start(gateAt()));
  });

  it('lets nobody in where no decision can be had', async () => {
    await expectUnavailable(await start(gateAt(unreachable)));
  });

  it('refuses arguments that a client made a list of, or left out', async () => {
    const url = await start(gateAt());
    for (const query of ['?user=alice&user=bob', ''])
      expect(await get(`${url}/mail-domains${query}`, `Bearer ${alice.pair}`)).toMatchObject({ status: 400 });
    expect(await get(`${url}/mail-domains?user=alice`, `Bearer ${alice.pair}`)).toMatchObject({
      status: 200,
    });
  });

  it('takes credentials and the client address from where the options say', async () => {
    const url = await start(gateAt(), {
      credentials: () => ({ accessKeyId: alice.id, secretAccessKey: alice.secret }),
      clientIp: (request) => request.get('X-Client'),
    });
    const from = async (address: string | undefined): Promise<number> => {
      const headers: Record<string, string> = address === undefined ? {} : { 'X-Client': address };
      return (await fetch(`${url}/users/alice/mail-domains`, { headers })).status;
    };
    expect(await from('203.0.113.9')).toBe(200);
    expect(await from('198.51.100.1')).toBe(403);
    // No address is not the gateway's own.
    expect(await from(undefined)).toBe(403);
  });

  it('lets nobody in where a function of the options fails', async () => {
    const fail = (): never => {
      throw new Error('broken');
    };
    for (const options of [
      { credentials: fail },
      { clientIp: fail },
      { credentials: () => Promise.reject(new Error()) },
    ])
      expect(await get(`${await start(gateAt(), options)}/users/alice/mail-domains`)).toMatchObject({
        status: 500,
      });
  });

  it('has no credentials where the header comes twice', async () => {
    const url = await start(gateAt());
    const { request } = await import('node:http');
    const header = `Bearer ${alice.pair}`;
    const sent = request(`${url}/users/alice/mail-domains`, { agent: false });
    sent.setHeader('Authorization', [header, header]).end();
    const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume: () => void }];
    response.resume();
    expect(response.statusCode).toBe(401);
  });
});

@Controller()
class Routes {
  @Get('users/:user/mail-domains')
  @RequireCommand('v-list-mail-domains', ({ params }) => [params['user']])
  list(): string[] {
    return ['alice'];
  }

  @Get('public')
  @PublicRoute()
  isPublic(): string {
    return 'public';
  }

  @Get('forgotten')
  forgotten(): string {
    return 'never sent';
  }
}

@Controller('of-class')
@PublicRoute()
class PublicRoutes {
  @Get('users/:user/mail-domains')
  @RequireCommand('v-list-mail-domains', ({ params }) => [params['user']])
  list(): string[] {
    return ['alice'];
  }

  @Get('public')
  isPublic(): string {
    return 'public';
  }
}

@Controller('guarded')
@UseGuards(HearthkeyGuard)
class GuardedRoutes {
  @Get()
  forgotten(): string {
    return 'never sent';
  }
}

describe('the guard of NestJS', () => {
  async function start(gateway: DynamicModule): Promise<string> {
    class App {}
    const module = { module: App, imports: [gateway], controllers: [Routes, PublicRoutes, GuardedRoutes] };
    const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
      logger: false,
    });
    cleanUps.push(() => app.close());
    await app.listen(0, '127.0.0.1');
    return app.getUrl();
  }

  const options = (): HearthkeyGatewayOptions => ({ socketPath: gated.gateSocket, timeoutMs: 300_000 });

  it('lets in who may run the command, and nobody else', async () => {
    const url = await start(HearthkeyGatewayModule.forRoot(options()));
    await expectGuarded(url);
    await expectGuarded(`${url}/of-class`);
  });

  it('lets nobody in where no decision can be had', async () => {
    await expectUnavailable(await start(HearthkeyGatewayModule.forRoot(unreachable)));
  });

  it('lets nobody in where a route says nothing, and everybody where it says that it is public', async () => {
    const url = await start(HearthkeyGatewayModule.forRoot(options()));
    const root = await gated.service.makeKey('admin', '');
    for (const place of ['forgotten', 'guarded'])
      expect(await get(`${url}/${place}`, `Bearer ${root.pair}`)).toMatchObject({
        ...{ status: 403, type: 'application/problem+json; charset=utf-8' },
      });
    expect(await get(`${url}/public`)).toMatchObject({ status: 200 });
    expect(await get(`${url}/of-class/public`)).toMatchObject({ status: 200 });
  });

  it('stands where the application puts it, if it is told not to stand everywhere', async () => {
    const url = await start(HearthkeyGatewayModule.forRoot({ ...options(), guardEveryRoute: false }));
    expect(await get(`${url}/guarded`)).toMatchObject({ status: 403 });
    expect(await get(`${url}/forgotten`)).toMatchObject({ status: 200 });
  });

  it('takes its options from a factory', async () => {
    const place = { provide: 'gate socket', useValue: gated.gateSocket };
    class Settings {}
    const settings = { module: Settings, providers: [place], exports: [place] };
    const gateway = HearthkeyGatewayModule.forRootAsync({
      imports: [settings],
      inject: ['gate socket'],
      useFactory: async (socketPath: string) => ({ socketPath, timeoutMs: 300_000 }),
    });
    await expectGuarded(await start(gateway));
  });
});
