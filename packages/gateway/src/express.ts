import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Gate } from './gate.js';
import type { DenialAnswer } from './denial-answer.js';
import { refusalOf, type ArgsOf, type GuardOptions } from './http-guard.js';

export { accessOf } from './http-guard.js';
export type { ArgsOf, GuardOptions } from './http-guard.js';
export type { Credentials } from './bearer.js';

/** Middleware of Express and of everything that takes the same function. */
export type Middleware<Request> = (
  request: Request,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * Makes middleware for one command:
 * `app.get('/users/:user/mail', requireCommand(gate, 'v-list-mail-domains', (req) => [req.params.user]), …)`.
 *
 * @param argsOf - left out: the command has no arguments
 */
export function requireCommand<Request extends IncomingMessage = IncomingMessage>(
  gate: Gate,
  command: string,
  argsOf?: ArgsOf<Request>,
  options: GuardOptions<Request> = {},
): Middleware<Request> {
  return (request, response, next) => {
    refusalOf(gate, request, command, argsOf, options)
      .then((refusal) => {
        if (refusal === undefined) next();
        else send(response, refusal);
      })
      .catch(next);
  };
}

/** Throws where something else has answered meanwhile, such as a time limit before this. */
function send(response: ServerResponse, { status, headers, body }: DenialAnswer): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(JSON.stringify(body));
}
