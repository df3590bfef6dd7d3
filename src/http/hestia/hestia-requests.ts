import type { AccessRequest, Allow, Deny } from '../../authorization/access-request.js';
import type { ClientAddress } from '../../network/client-address.js';
import type { LegacyAuthorizer, LegacyCredential } from '../../authorization/authorize-legacy.js';
import type { Authorizer } from '../../authorization/authorize.js';
import { denyText } from '../../authorization/deny-text.js';
import type { Catalogue } from '../../catalogue/catalogue.js';
import type { Caller } from '../../commands/builtin-command.js';
import type { Dispatcher } from '../../commands/dispatch.js';
import { ReturnCode, type DenyReason } from '../../errors.js';
import { commandTextPattern } from '../../text/names.js';
import { callerOf } from '../caller.js';
import { answerDenial, answerLegacyResult, answerResult, type HestiaAnswer } from './hestia-answer.js';
import type { Wording } from './code-only.js';
import { argNames, type HestiaFields } from './hestia-fields.js';

export interface HestiaRequestParts {
  authorizer: Authorizer;
  legacyAuthorizer: LegacyAuthorizer;
  catalogue: Catalogue;
  dispatcher: Dispatcher;
}

/** What happens to a request in Hestia's dialect once it is read: it is decided about, run, and answered. */
export class HestiaRequests {
  constructor(private readonly parts: HestiaRequestParts) {}

  async runWithAccessKey(
    fields: HestiaFields,
    credentials: { accessKeyId: string; secretAccessKey: string },
    client: ClientAddress,
  ): Promise<HestiaAnswer> {
    const { accessKeyId, secretAccessKey } = credentials;
    const command = fields.text('cmd');
    const args = this.argsFor(command, fields);
    const request: AccessRequest = { mode: 'enforce', client, accessKeyId, secretAccessKey, command, args };
    const isCodeOnly = wantsCodeOnly(fields);
    const decision = await this.decide(fields, request);
    if (decision.outcome === 'deny') {
      const { reason, code, rate } = decision;
      return { ...answerDenial(reason, code, hestiaText(decision, request), isCodeOnly), rate };
    }
    const caller = callerOf(decision, client);
    const result = await this.parts.dispatcher.dispatchInParts(
      decision.command,
      closedUp(args),
      caller,
      isCodeOnly,
    );
    return { ...answerResult(result, isCodeOnly), rate: decision.rate };
  }

  /** Refuses a request of which only the head was looked at, or that names nobody; it is recorded. */
  async refuse(client: ClientAddress, reason: DenyReason, wording: Wording): Promise<HestiaAnswer> {
    const request: AccessRequest = {
      mode: 'enforce',
      client,
      accessKeyId: '',
      secretAccessKey: '',
      command: '',
    };
    const denial = await this.parts.authorizer.refuse(request, reason);
    return answerDenial(denial.reason, denial.code, denyText(denial, request), wording);
  }

  async runWithLegacyCredential(
    fields: HestiaFields,
    credential: LegacyCredential,
    client: ClientAddress,
  ): Promise<HestiaAnswer> {
    const command = fields.text('cmd');
    const isCodeOnly = wantsCodeOnly(fields);
    const args = this.argsFor(command, fields);
    const decision = await this.parts.legacyAuthorizer.authorize({
      mode: 'enforce',
      client,
      credential,
      command,
      args,
    });
    if (decision.outcome === 'deny') {
      const isWrong = decision.reason === 'secret_mismatch' || decision.reason === 'too_many_attempts';
      const text = isWrong ? wrongLegacyText : denyText(decision, { accessKeyId: 'api', command });
      const { reason, code, rate } = decision;
      return { ...answerDenial(reason, code, text, isCodeOnly), rate };
    }
    const problem = findProblem(fields, args);
    if (problem !== undefined)
      return answerDenial(problem, ReturnCode.INVALID, problemTexts[problem], isCodeOnly);
    const spec = this.parts.catalogue.find(command);
    if (spec === undefined) {
      const text = `Error: Command ${command} not found\n`;
      return answerLegacyResult(commandNotFoundCode, { output: text }, command, isCodeOnly);
    }
    const caller: Caller = { actor: decision.actor, client, authority: 'everything', isOperator: false };
    const result = await this.parts.dispatcher.dispatchInParts(spec, closedUp(args), caller, isCodeOnly);
    const code = result.isMissing === true ? commandNotFoundCode : result.code;
    return answerLegacyResult(code, result, command, isCodeOnly);
  }

  private argsFor(command: string, fields: HestiaFields): readonly (string | undefined)[] {
    return fields.args(this.parts.catalogue.find(command)?.credentialPositions);
  }

  private async decide(fields: HestiaFields, request: AccessRequest): Promise<Allow | Deny> {
    if (fields.anyStructured(['access_key', 'secret_key', 'hash'])) {
      return this.parts.authorizer.refuse(request, 'credentials_malformed');
    }
    if (hasMalformedField(fields, request.args))
      return this.parts.authorizer.refuse(request, 'command_malformed');
    return this.parts.authorizer.authorize(request);
  }
}

/** As the shell tells it, through which Hestia's page runs what a legacy credential asks for. */
const commandNotFoundCode = 127;

/** The text of a denial, where Hestia's page has quotes of its own in it. */
function hestiaText(denial: Deny, request: AccessRequest): string {
  const text = denyText(denial, request);
  return denial.reason === 'user_argument_mismatch' ? text.replaceAll("'", "\\'") : text;
}

/** Hestia's text for a wrong legacy key or password. */
const wrongLegacyText = 'authentication failed';

const problemTexts = {
  command_missing: 'Command not provided',
  command_malformed: 'Command invalid',
} as const;

function findProblem(
  fields: HestiaFields,
  args: AccessRequest['args'],
): keyof typeof problemTexts | undefined {
  const command = fields.text('cmd');
  if (hasMalformedField(fields, args)) return 'command_malformed';
  if (command === '') return 'command_missing';
  return commandTextPattern.test(command) ? undefined : 'command_malformed';
}

/** Arrays and objects where a text belongs, and NUL, which no process can be given as an argument. */
function hasMalformedField(fields: HestiaFields, args: AccessRequest['args'] = []): boolean {
  if (fields.anyStructured(['cmd', 'returncode', ...argNames])) return true;
  return args.some((arg) => arg?.includes('\0') === true);
}

function wantsCodeOnly(fields: HestiaFields): boolean {
  return fields.text('returncode') === 'yes';
}

/** Places that were left out close up, as in Hestia; authorization has seen to it that USER did not move. */
function closedUp(args: readonly (string | undefined)[]): string[] {
  return args.filter((arg) => arg !== undefined);
}
