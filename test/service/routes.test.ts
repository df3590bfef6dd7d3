/** The map of routes (src/http/routes.ts) against what the server really registers. */
import { beforeAll, expect, it } from '@jest/globals';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { HttpRoute } from '../../src/http/http-route.js';
import { routes } from '../../src/http/routes.js';
import { TestService } from '../support/test-service.js';

let service: TestService;
let fastify: FastifyInstance;

beforeAll(async () => {
  service = await TestService.start();
  const { httpAdapter } = service.part<HttpAdapterHost>(HttpAdapterHost);
  fastify = httpAdapter.getInstance<FastifyInstance>();
});

const table: [string, HttpRoute][] = Object.entries(routes);

it('lists every path that is registered, and no other', () => {
  const lines = fastify.printRoutes({ commonPrefix: false }).split('\n');
  // Such as "├── /api (GET, HEAD, POST)", and "│   └── / (GET)" for what goes on from there.
  const registered: string[] = [];
  const parents: string[] = [];
  for (const line of lines) {
    const [, indent = '', part = '', methods] = /^([│ ]*)[├└]── (\S*)(?: \((.*)\))?/.exec(line) ?? [];
    if (part === '') continue;
    const depth = indent.length / 4;
    parents.splice(depth, Infinity, part);
    if (methods !== undefined) registered.push(parents.join(''));
  }
  expect([...new Set(registered)].sort()).toEqual(table.flatMap(([, { paths }]) => paths).sort());
});

it.each(table)('%s is registered with its methods', (_name, { paths, methods }) => {
  const expected = methods === 'all' ? ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'] : methods;
  for (const url of paths)
    for (const method of expected) expect(fastify.hasRoute({ url, method })).toBe(true);
});

it.each(table.filter(([, { bodyLimitBytes }]) => bodyLimitBytes > 0))(
  '%s refuses a body that is longer than its limit',
  async (_name, { paths, bodyLimitBytes }) => {
    await service.ok('v-change-sys-config-value', 'API_ALLOWED_IP', '127.0.0.1');
    const [path = ''] = paths;
    const sent = await service.request(
      'POST',
      path.replace('*', 'accounts'),
      'x'.repeat(bodyLimitBytes + 1),
      {
        headers: { 'Content-Type': 'application/json' },
      },
    );
    expect(sent.status).toBe(413);
  },
);
