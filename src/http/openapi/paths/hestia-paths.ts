import { argNames } from '../../hestia/hestia-fields.js';
import type { Answer, Header, Operation, Paths, Schema } from '../document.js';

const tags = ['Hestia API'];

const text = (description: string, maxLength?: number): Schema => ({
  type: 'string',
  description,
  ...(maxLength !== undefined && { maxLength }),
});

/** A form, a multipart body, or JSON: the fields are the same. */
const fields: Schema = {
  type: 'object',
  properties: {
    access_key: text('The access key ID, together with `secret_key`.'),
    secret_key: text('The secret access key.'),
    hash: text('`ID:SECRET` of an access key; without a colon a legacy API key.'),
    user: text('Legacy: the root user, together with `password`.'),
    password: text('Legacy: the password.'),
    cmd: text('The command, such as `v-list-users`.'),
    ...Object.fromEntries(
      argNames.map((name, index) => [name, text(`Argument ${String(index + 1)} of the command.`)]),
    ),
    returncode: {
      ...text('`yes`: the body of the answer is the return code alone.'),
      examples: ['yes', 'no'],
    },
  },
  anyOf: [
    { required: ['access_key', 'secret_key'] },
    { required: ['hash'] },
    { required: ['user', 'password'] },
  ],
};

const exitCode: Header = {
  description: 'The return code. Requests with legacy credentials get none.',
  schema: { type: 'integer', minimum: 0 },
};

const anyText: Schema = { type: 'string' };

function answer(description: string, isJsonPossible = false): Answer {
  return {
    description,
    headers: { 'Hestia-Exit-Code': exitCode },
    content: {
      'text/plain': { schema: anyText },
      ...(isJsonPossible && { 'application/json': { schema: {} } }),
    },
  };
}

function run(operationId: string, summary: string): Operation {
  const schema: Schema = { $ref: '#/components/schemas/HestiaRequest' };
  const rate = { 'RateLimit-Limit': { $ref: '#/components/headers/RateLimitLimit' } };
  return {
    ...{ operationId, summary, tags },
    security: [],
    description:
      'The API of HestiaCP, unchanged: credentials, command and arguments are fields of the body. White space round ' +
      '`access_key`, `cmd` and the arguments does not count.',
    requestBody: {
      required: true,
      content: {
        'application/x-www-form-urlencoded': { schema },
        'multipart/form-data': { schema },
        'application/json': { schema },
      },
    },
    responses: {
      200: answer('The command ran: its output, or its code with `returncode=yes`.', true),
      204: { description: 'The command ran and printed nothing.', headers: { 'Hestia-Exit-Code': exitCode } },
      400: answer('The command failed: its output.', true),
      401: answer('Denied: wrong credentials, address, user or permission.', true),
      405: answer('Another method than POST, or no credentials in the body.'),
      413: answer('The body is too long.'),
      422: answer('The body can not be read, or an argument is invalid.', true),
      429: {
        ...answer('Too many requests.'),
        headers: {
          'Hestia-Exit-Code': exitCode,
          'Retry-After': { $ref: '#/components/headers/RetryAfter' },
          ...rate,
        },
      },
      500: answer('The request could not be answered; the log of the service says why.'),
      503: answer('Too busy, no decision is possible now, or the service is stopping.'),
    },
  };
}

export const hestiaPaths: Paths = {
  '/api/': { post: run('runCommand', 'Run a command') },
  '/api/index.php': { post: run('runCommandByIndex', 'Run a command (the other path of Hestia)') },
};

export const hestiaSchemas: Record<string, Schema> = { HestiaRequest: fields };
