import {
  HttpException,
  Inject,
  Injectable,
  Logger,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { undeclaredAnswer, type DenialAnswer } from './denial-answer.js';
import type { GateOptions } from './gate-options.js';
import type { Gate } from './gate.js';
import { refusalOf, type ArgsOf, type GuardedRequest, type GuardOptions } from './http-guard.js';

/** The gate of the application, for questions of its own. */
export const GATE = Symbol('Hearthkey gate');
export const GATEWAY_OPTIONS = Symbol('Hearthkey gateway options');

/** A request as handlers get it: the parts that Express and Fastify have alike. */
export interface NestRequest extends GuardedRequest {
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, unknown>>;
  body: unknown;
}

export interface HearthkeyGatewayOptions extends GateOptions, GuardOptions<NestRequest> {}

interface Requirement {
  command: string;
  argsOf: ArgsOf<NestRequest> | undefined;
}

const requirementKey = 'hearthkey:command';
const publicKey = 'hearthkey:public';

/**
 * Lets only those in who may run this command:
 * `@RequireCommand('v-list-mail-domains', (req) => [req.params.user])`. On a class it counts for all of its routes that
 * have neither of the two decorators.
 *
 * @param argsOf - left out: the command has no arguments
 */
export function RequireCommand(
  command: string,
  argsOf?: ArgsOf<NestRequest>,
): ClassDecorator & MethodDecorator {
  return SetMetadata(requirementKey, { command, argsOf } satisfies Requirement);
}

/** Lets everybody in. */
export function PublicRoute(): ClassDecorator & MethodDecorator {
  return SetMetadata(publicKey, true);
}

/** Denies whatever it isn't told to let in. */
@Injectable()
export class HearthkeyGuard implements CanActivate {
  private readonly logger = new Logger(HearthkeyGuard.name);
  private readonly complainedOf = new WeakSet<object>();

  constructor(
    @Inject(GATE) private readonly gate: Gate,
    @Inject(GATEWAY_OPTIONS) private readonly options: HearthkeyGatewayOptions,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.ruleOf(context);
    if (rule === 'public') return true;
    if (context.getType() !== 'http') {
      this.complainOnce(context, 'the guard knows HTTP only');
      return false;
    }
    if (rule === undefined) this.complainOnce(context, 'it has no @RequireCommand or @PublicRoute');
    const http = context.switchToHttp();
    const request = http.getRequest<NestRequest>();
    const refusal =
      rule === undefined
        ? undeclaredAnswer
        : await refusalOf(this.gate, request, rule.command, rule.argsOf, this.options);
    if (refusal === undefined) return true;
    throw exceptionOf(refusal, http.getResponse<NestResponse>());
  }

  /** The program is wrong, not the request: that may come again and again. */
  private complainOnce(context: ExecutionContext, problem: string): void {
    const handler = context.getHandler();
    if (this.complainedOf.has(handler)) return;
    this.complainedOf.add(handler);
    this.logger.error(`${context.getClass().name}.${handler.name} is denied: ${problem}`);
  }

  /** What stands at the handler counts before what stands at its class, and a command before "public". */
  private ruleOf(context: ExecutionContext): Requirement | 'public' | undefined {
    for (const place of [context.getHandler(), context.getClass()]) {
      const requirement = this.reflector.get<Requirement | undefined>(requirementKey, place);
      if (requirement !== undefined) return requirement;
      if (this.reflector.get<boolean | undefined>(publicKey, place) === true) return 'public';
    }
    return undefined;
  }
}

/** Of Express and of Fastify. */
interface NestResponse {
  header(name: string, value: string): unknown;
}

/** Nest's exceptions have no headers, so they are set here. */
function exceptionOf({ status, headers, body }: DenialAnswer, response: NestResponse): HttpException {
  for (const [name, value] of Object.entries(headers)) response.header(name, value);
  return new HttpException(body, status);
}
