import type { AccessRequest } from '../../authorization/access-request.js';
import type { ClientAddress } from '../../network/client-address.js';
import { denyText } from '../../authorization/deny-text.js';
import type { DenyReason } from '../../errors.js';
import { restRateLimit } from '../../keys/limits/rate-limit.js';
import { answerError, answerRestDenial, type RestAnswer } from './rest-answer.js';
import type { BearerCredentials } from './rest-credentials.js';
import { isBadInput, readInputs, type BadInput } from './routes/rest-inputs.js';
import { property } from './routes/rest-pipes.js';
import type { Route } from './routes/rest-route.js';
import { RestRun, type RestRunParts } from './rest-run.js';
import type { Names, Scope } from './routes/rest-template.js';

export interface RestRequest {
  route: Route;
  path: ReadonlyMap<string, string>;
  /** The fields of its body, or why there are none to be read. */
  fields: ReadonlyMap<string, unknown> | BadInput;
  credentials: BearerCredentials;
  client: ClientAddress;
}

export interface RestRequestParts extends RestRunParts {
  names: Names;
  /** Where accounts log in; told as `panel_url`. */
  panelUrl: string | undefined;
}

/** What happens to a request of the REST dialect once its route is known. */
export class RestRequests {
  constructor(private readonly parts: RestRequestParts) {}

  async answer(request: RestRequest): Promise<RestAnswer> {
    const { route, path, fields, credentials, client } = request;
    const { names, panelUrl, dispatcher } = this.parts;
    const read: Scope | BadInput =
      'message' in fields ? fields : readInputs(route.inputs, names, path, fields);
    if (isBadInput(read)) return this.answerBadInput(request, read);
    const scope = new Map([...read, ['panel_url', panelUrl ?? null] as const]);
    const run = new RestRun(this.parts, { route, names, credentials, client }, scope);
    return dispatcher.inOneGo(() => run.run());
  }

  /** Refuses a request of which only the head was looked at. */
  async refuse(
    { route, path, credentials, client }: Omit<RestRequest, 'fields'>,
    reason: DenyReason,
  ): Promise<RestAnswer> {
    const command = this.firstCommand(route, path);
    const request: AccessRequest = { mode: 'enforce', client, ...credentials, command };
    const denial = await this.parts.authorizer.refuse(request, reason);
    return answerRestDenial(denial, denyText(denial, request));
  }

  /** Records one that names no route, or is not read. */
  async note(client: ClientAddress, credentials: BearerCredentials, reason: DenyReason): Promise<void> {
    await this.parts.authorizer.refuse({ mode: 'enforce', client, ...credentials, command: '' }, reason);
  }

  /** A client that is not let in gets that answer, and not what is wrong with the request. */
  private async answerBadInput(
    { route, path, credentials, client }: RestRequest,
    { message, field }: BadInput,
  ): Promise<RestAnswer> {
    const status = namesAThing(route, field) ? 404 : 400;
    const badInput = answerError(status, message, field === undefined ? {} : { field });
    const request: AccessRequest = {
      mode: 'enforce',
      client,
      ...credentials,
      command: this.firstCommand(route, path),
      defaultRateLimit: restRateLimit,
    };
    const decision = await this.parts.authorizer.precheck(request);
    return decision.outcome === 'deny' ? answerRestDenial(decision, denyText(decision, request)) : badInput;
  }

  /** The command that it would have begun with; where that hangs on what is wrong, one of those that it could be. */
  private firstCommand({ inputs, steps }: Route, path: ReadonlyMap<string, string>): string {
    const { names } = this.parts;
    const choices = inputs.map(({ name, names: list = '' }): [string, unknown] => {
      const given = property(names[list], path.get(name) ?? '');
      return [name, given ?? Object.values(names[list] ?? {})[0]];
    });
    return steps[0]?.run.command.text(new Map(choices), names) ?? '';
  }
}

/** A choice in the path that commands get as an argument, such as a service: one that isn't there is not found. */
function namesAThing({ inputs, steps }: Route, field: string | undefined): boolean {
  const isChoice = inputs.some(({ name, type, isInPath }) => name === field && type === 'choice' && isInPath);
  return isChoice && steps.some(({ run }) => run.args.some(({ roots }) => roots.includes(field ?? '')));
}
