import { denyReasons } from '../../../errors.js';
import { authorizeBodySchema } from '../../decisions/authorize-adapter.js';
import { evaluationAnswerSchema, evaluationsAnswerSchema } from '../../decisions/authzen-adapter.js';
import { decisionAnswerSchema } from '../../decisions/decision-answer.js';
import { routes } from '../../routes.js';
import { authzenSchemas } from './authzen-schemas.js';
import type { Answer, Operation, Parameter, Paths, Schema } from '../document.js';

const tags = ['Decisions'];
const json = (schema: Schema) => ({ 'application/json': { schema } });

function problem(description: string): Answer {
  return {
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/PlainProblem' } } },
  };
}

const requestId = {
  'X-Request-ID': { description: 'The same as in the request.', schema: { type: 'string' } },
};

const problems: Record<string, Answer> = {
  400: problem('The body can not be read as a question.'),
  403: problem('Only gateways may ask: this machine, the gate socket, HEARTHKEY_TRUSTED_PROXIES.'),
  413: problem('The body is too long.'),
  415: problem('The body is not JSON.'),
  500: problem('The service could not decide; its log says why.'),
};

function question(operation: Omit<Operation, 'tags' | 'responses' | 'security'>, answer: Answer): Operation {
  return { ...operation, tags, security: [], responses: { 200: answer, ...problems } };
}

function authzen(names: Pick<Operation, 'operationId' | 'summary'>, body: string, answer: string): Operation {
  const parameters: Parameter[] = [
    { name: 'X-Request-ID', in: 'header', required: false, schema: { type: 'string', maxLength: 128 } },
  ];
  const requestBody = { required: true, content: json({ $ref: `#/components/schemas/${body}` }) };
  const description =
    'The credentials are in `subject.properties`, the command in `resource`, its arguments below it.';
  const content = json({ $ref: `#/components/schemas/${answer}` });
  return question(
    { ...names, description, parameters, requestBody },
    { description: 'Decided: allowed or denied.', headers: requestId, content },
  );
}

const text = (name: string, description: string): Parameter => ({
  ...{ name, in: 'header' as const, required: false, description, schema: { type: 'string' } },
});

const forwardedHeaders: Parameter[] = [
  text('Authorization', 'Of the client: `Bearer ID:SECRET`, or Basic with the ID as the name.'),
  text('X-Forwarded-For', 'The client address.'),
  text('X-Forwarded-Method', 'With a route table (HEARTHKEY_GATE_ROUTES): the method that the client used.'),
  text('X-Forwarded-Uri', 'With a route table: the path that the client asked for.'),
  text('X-Hearthkey-Command', 'Without a route table: the command.'),
  ...Array.from({ length: 13 }, (_, index) =>
    text(`X-Hearthkey-Arg${String(index + 1)}`, `Without a route table: argument ${String(index + 1)}.`),
  ),
];

const named = (description: string) => ({ description, required: true, schema: { type: 'string' } });

const forwardAuth: Operation = {
  operationId: 'forwardAuth',
  summary: 'Ask for a reverse proxy',
  description:
    'For nginx `auth_request`, Caddy `forward_auth`, Traefik ForwardAuth and Envoy `ext_authz`. Any method has the ' +
    'same answers, and no body is read.',
  tags,
  security: [],
  parameters: forwardedHeaders,
  responses: {
    200: {
      description: 'Allowed.',
      headers: {
        'X-Hearthkey-User': named('The user of the access key.'),
        'X-Hearthkey-Access-Key': named('The access key ID.'),
        'X-Hearthkey-Command': named('The command.'),
        'X-Hearthkey-Root-User': named('`yes` or `no`.'),
      },
    },
    401: {
      ...problem('No credentials, or wrong ones.'),
      headers: { 'X-Hearthkey-Reason': named('The reason.'), 'WWW-Authenticate': named('The scheme.') },
    },
    403: {
      ...problem('Denied, or no decision is possible now: then there is `Retry-After`.'),
      headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } },
    },
  },
};

export const decisionPaths: Paths = {
  [routes.authorize.paths[0]]: {
    post: question(
      {
        operationId: 'authorize',
        summary: 'May this key run this command?',
        description:
          'For a gateway that runs commands itself. Without `args` the caller has to compare the arguments at ' +
          '`userArgPositions` with `user`, unless `isRootUser` is true. Then the key of an administrator is held to ' +
          'its own user.',
        requestBody: { required: true, content: json({ $ref: '#/components/schemas/Question' }) },
      },
      {
        description: 'Decided: allowed or denied.',
        content: json({ $ref: '#/components/schemas/Decision' }),
      },
    ),
  },
  [routes.forwardAuth.paths[0]]: { get: forwardAuth },
  [routes.evaluation.paths[0]]: {
    post: authzen(
      { operationId: 'evaluate', summary: 'AuthZEN: one question' },
      'Evaluation',
      'EvaluationAnswer',
    ),
  },
  [routes.evaluations.paths[0]]: {
    post: authzen(
      { operationId: 'evaluateMany', summary: 'AuthZEN: up to 100 questions' },
      'Evaluations',
      'EvaluationsAnswer',
    ),
  },
};

const reason: Schema = { type: 'string', enum: ['allowed', ...Object.keys(denyReasons).sort()] };

/** The same schemas that bodies are checked with, and answers are written with. */
export const decisionSchemas: Record<string, Schema> = {
  Question: authorizeBodySchema,
  Decision: withReasons(decisionAnswerSchema),
  ...authzenSchemas,
  EvaluationAnswer: withReasonsInContext(evaluationAnswerSchema),
  EvaluationsAnswer: {
    ...withReasonsInContext(evaluationsAnswerSchema),
    properties: {
      ...withReasonsInContext(evaluationsAnswerSchema).properties,
      evaluations: { type: 'array', items: { $ref: '#/components/schemas/EvaluationAnswer' } },
    },
  },
  PlainProblem: {
    description: 'RFC 9457.',
    type: 'object',
    required: ['type', 'title', 'status', 'detail'],
    properties: {
      type: { const: 'about:blank' },
      title: { type: 'string' },
      status: { type: 'integer', minimum: 400, maximum: 599 },
      detail: { type: 'string', description: 'For people; the wording may change.' },
      code: { type: 'integer', description: 'The return code of a denial.' },
      reason: { type: 'string', description: 'The reason of a denial, as the client may read it.' },
    },
  },
};

function withReasons(schema: Schema): Schema {
  return { ...schema, properties: { ...schema.properties, reason } };
}

function withReasonsInContext(schema: Schema): Schema {
  const { context = {}, ...others } = schema.properties ?? {};
  return { ...schema, properties: { ...others, context: withReasons(context) } };
}
