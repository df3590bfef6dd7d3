import type { INestApplication } from '@nestjs/common';
import { completeOperations } from './complete-operations.js';
import { closeInputs, usedSchemas, withExamples, withPlainNames } from './complete-schemas.js';
import { applyDescriptions } from './describe.js';
import { operationsOf, type Header, type OpenApiDocument, type Paths, type Schema } from './document.js';
import { operationName } from './operation-names.js';
import { decisionPaths, decisionSchemas } from './paths/decision-paths.js';
import { hestiaPaths, hestiaSchemas } from './paths/hestia-paths.js';
import { operationPaths } from './paths/operation-paths.js';
import { readRestPaths, restSchemas } from './paths/rest-paths.js';
import { usedAnswers } from './problem-answers.js';

const description =
  'Access keys, API roles and an audited gateway for hosting panels. REST v1 (`/v1/…`) administers the service: each ' +
  'operation is the use case of one command and takes its permission. The other paths run commands in the dialects of ' +
  'panels, or decide for gateways. Routes that an operator added to the REST dialect (HEARTHKEY_REST_ROUTES) are not in ' +
  'this document.';

/** Of the API. That of the program would tell strangers which holes may be open. */
const version = 'v1';

const headers: Record<string, Header> = {
  ETag: {
    description: 'Changes with the resource: for `If-Match`.',
    required: true,
    schema: { type: 'string' },
  },
  Location: { description: 'The path of what was created.', required: true, schema: { type: 'string' } },
  RateLimitLimit: { description: 'Requests in a period.', schema: { type: 'integer', minimum: 1 } },
  RateLimitRemaining: { description: 'How many are left in it.', schema: { type: 'integer', minimum: 0 } },
  RateLimitReset: { description: 'Seconds until it ends.', schema: { type: 'integer', minimum: 0 } },
  RetryAfter: {
    description: 'Seconds after which the same request may succeed.',
    schema: { type: 'integer', minimum: 1 },
  },
};

const securitySchemes = {
  accessKey: { type: 'http', scheme: 'bearer', bearerFormat: 'ID:SECRET', description: 'An access key.' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-hearthkey',
    description:
      'The session of somebody who has logged in (`logIn`); over plain HTTP on the machine itself the cookie is `hearthkey`. ' +
      'Anything but a GET needs `X-CSRF-Token` as well, and has to come from a page of the service. Not together with an access key.',
  },
};

const tagDescriptions: Readonly<Record<string, string>> = {
  Decisions: 'For gateways: who may run which command. Nothing is run.',
  'Hestia API': 'The API of HestiaCP, for its clients.',
  'REST dialect': 'JSON for accounts and the server, over routes that become commands.',
  Sessions: 'For people: logging in and out, who is logged in, and passkeys.',
  Operations: 'For load balancers, supervisors and monitoring.',
};

/**
 * Describes everything that the service answers over HTTP: REST v1 from its controllers, the other adapters by hand or
 * from their tables.
 */
export async function buildDocument(app: INestApplication): Promise<OpenApiDocument> {
  const described = await describeControllers(app);
  const paths = {
    ...described.paths,
    ...decisionPaths,
    ...readRestPaths(),
    ...hestiaPaths,
    ...operationPaths,
  };
  const schemas = { ...described.schemas, ...decisionSchemas, ...restSchemas, ...hestiaSchemas };
  const components = { securitySchemes, headers, responses: usedAnswers(paths) };
  const tags = [...new Set(operationsOf(paths).flatMap(({ operation }) => operation.tags))];
  return {
    openapi: '3.1.0',
    info: {
      ...{ title: 'Hearthkey', version, description },
      license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The service that has this document' }],
    tags: tags.map((name) => ({
      name,
      description: tagDescriptions[name] ?? `REST v1: ${name.toLowerCase()}.`,
    })),
    security: [{ accessKey: [] }],
    paths,
    components: { ...components, schemas: usedSchemas([paths, components], schemas) },
  };
}

/** REST v1, as the decorators of its controllers and DTOs say it. */
async function describeControllers(app: INestApplication) {
  const { DocumentBuilder, SwaggerModule } = await applyDescriptions();
  const config = new DocumentBuilder().setOpenAPIVersion('3.1.0').build();
  const found = SwaggerModule.createDocument(app, config, {
    autoTagControllers: false,
    operationIdFactory: operationName,
  });
  const { paths: all, components } = withPlainNames(found) as unknown as OpenApiDocument;
  const paths = Object.fromEntries(
    Object.entries(all)
      .filter(([path]) => path.startsWith('/v1/'))
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  ) satisfies Paths;
  const schemas: Record<string, Schema> = components.schemas;
  completeOperations(paths);
  closeInputs(paths, schemas);
  withExamples(paths);
  Object.values(schemas).forEach(withExamples);
  return { paths, schemas };
}
