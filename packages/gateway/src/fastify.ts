import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Gate } from './gate.js';
import { refusalOf, type ArgsOf, type GuardOptions } from './http-guard.js';

export { accessOf } from './http-guard.js';
export type { ArgsOf, GuardOptions } from './http-guard.js';
export type { Credentials } from './bearer.js';

/** What is used of Fastify, so that this package needs none of its versions. */
export interface HookRequest {
  headers: IncomingHttpHeaders;
  raw: IncomingMessage;
  socket: Socket;
}

export interface HookReply {
  code(status: number): unknown;
  headers(values: Record<string, string>): unknown;
  send(body: string): unknown;
}

/**
 * Makes a hook for one command, for `onRequest` or, where arguments come from the body, `preHandler`:
 * `{ onRequest: requireCommand(gate, 'v-list-mail-domains', (request) => [request.params.user]) }`.
 *
 * @param argsOf - left out: the command has no arguments
 */
export function requireCommand<Request extends HookRequest = HookRequest>(
  gate: Gate,
  command: string,
  argsOf?: ArgsOf<Request>,
  options: GuardOptions<Request> = {},
): (request: Request, reply: HookReply) => Promise<unknown> {
  return async (request, reply) => {
    const refusal = await refusalOf(gate, request, command, argsOf, options);
    if (refusal === undefined) return undefined;
    reply.code(refusal.status);
    reply.headers(refusal.headers);
    return reply.send(JSON.stringify(refusal.body));
  };
}
