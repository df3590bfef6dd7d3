import type { AccessRequest } from '../../authorization/access-request.js';
import type { ClientAddress } from '../../network/client-address.js';
import type { Authorizer } from '../../authorization/authorize.js';
import { denyText } from '../../authorization/deny-text.js';
import type { CommandResult } from '../../commands/builtin-command.js';
import type { RateState } from '../../authorization/limits/rate-state.js';
import type { Dispatcher } from '../../commands/dispatch.js';
import { ReturnCode } from '../../errors.js';
import { callerOf } from '../caller.js';
import { answerError, answerFailure, answerRestDenial, type RestAnswer } from './rest-answer.js';
import type { BearerCredentials } from './rest-credentials.js';
import { restRateLimit } from '../../keys/limits/rate-limit.js';
import { rateHeaders } from '../rate-headers.js';
import { readOutput } from './routes/rest-output.js';
import { keysOf, property, textOf } from './routes/rest-pipes.js';
import type { CommandLine, Route, Step } from './routes/rest-route.js';
import { fill, withEntry } from './routes/rest-shape.js';
import type { Names, Scope } from './routes/rest-template.js';

export interface RestRunParts {
  authorizer: Authorizer;
  dispatcher: Dispatcher;
  onProblem: (problem: string) => void;
}

export interface RestRunRequest {
  route: Route;
  names: Names;
  credentials: BearerCredentials;
  client: ClientAddress;
}

/** How many commands of one step run at a time. */
const atATime = 4;

/** A command that ran, or the answer to its denial. */
type Ended = { result: CommandResult } | { answer: RestAnswer };

/** One request on its way through the steps of its route. */
export class RestRun {
  private readonly done: Step[] = [];
  private readonly scope: Map<string, unknown>;
  /** As the first decision has found it. */
  private rate: { state: RateState | undefined } | undefined;
  /** An allowed request counts once, however many commands it takes. */
  private isInQuota = false;

  constructor(
    private readonly parts: RestRunParts,
    private readonly request: RestRunRequest,
    inputs: Scope,
  ) {
    this.scope = new Map(inputs);
  }

  async run(): Promise<RestAnswer> {
    const answer = await this.takeSteps();
    return { ...answer, headers: { ...rateHeaders(this.rate?.state), ...answer.headers } };
  }

  private async takeSteps(): Promise<RestAnswer> {
    const { route, names } = this.request;
    const steps = route.steps.filter(({ when }) => when === undefined || this.scope.has(when));
    const [only, ...others] = steps;
    const isPlain = others.length === 0 && only?.forEach === undefined;
    const refusal = isPlain ? undefined : await this.lookAhead(steps);
    if (refusal !== undefined) return refusal;
    for (const step of steps) {
      const failure =
        step.forEach === undefined ? await this.take(step) : await this.takeForEach(step, step.forEach);
      if (failure !== undefined) return this.takeBack(failure);
    }
    return { status: route.status, body: fill(route.answer, this.scope, names) };
  }

  /**
   * Nothing is begun where it can be foreseen that it could not be ended, or not be taken back: for a denial, or because
   * a command is lacking.
   */
  private async lookAhead(steps: readonly Step[]): Promise<RestAnswer | undefined> {
    const { authorizer, dispatcher } = this.parts;
    const lines = [
      ...steps.map(({ run, forEach }) => ({ line: run, isRepeated: forEach !== undefined })),
      ...steps.flatMap(({ undo }) => (undo === undefined ? [] : [{ line: undo, isRepeated: false }])),
    ];
    for (const { line, isRepeated } of lines) {
      // What it is repeated for is not known yet; USER is compared when it is.
      const request = this.accessRequest(line, isRepeated ? undefined : this.scope);
      const decision = await authorizer.precheck(request);
      this.rate ??= { state: decision.rate };
      if (decision.outcome === 'deny') return answerRestDenial(decision, denyText(decision, request));
    }
    const lacking = lines.find(({ line }) => !dispatcher.has(this.commandOf(line)));
    if (lacking === undefined) return undefined;
    // Asked for itself, so that the record has it; not run, also if it has come about meanwhile: it may be an undo.
    const ended = await this.runCommand(lacking.line, this.scope, true);
    return 'answer' in ended ? ended.answer : this.failureOf(lacking.line, ended.result);
  }

  private async take(step: Step): Promise<RestAnswer | undefined> {
    const ended = await this.runAndRead(step, this.scope);
    if ('answer' in ended) return ended.answer;
    if (step.as !== undefined) this.scope.set(step.as, ended.value);
    return undefined;
  }

  private async takeForEach(step: Step, result: string): Promise<RestAnswer | undefined> {
    const list = this.scope.get(result);
    const left = keysOf(list);
    const values = new Map<string, unknown>(left.map((key) => [key, null]));
    const failures: RestAnswer[] = [];
    const work = async (): Promise<void> => {
      for (let key = left.shift(); key !== undefined; key = left.shift()) {
        if (failures.length > 0) return;
        const ended = await this.runAndRead(step, withEntry(this.scope, key, property(list, key)));
        if ('answer' in ended) failures.push(ended.answer);
        else values.set(key, ended.value);
      }
    };
    await Promise.all(Array.from({ length: atATime }, work));
    if (step.as !== undefined) this.scope.set(step.as, Object.fromEntries(values));
    return failures[0];
  }

  private async runAndRead(step: Step, scope: Scope): Promise<{ value: unknown } | { answer: RestAnswer }> {
    const ended = await this.runCommand(step.run, scope);
    if ('answer' in ended) return ended;
    const { result } = ended;
    // Right here, whatever is made of its output; a code that means "it is so already" has made nothing.
    if (result.code === ReturnCode.OK) this.done.push(step);
    if (!step.done.includes(result.code)) return { answer: this.failureOf(step.run, result) };
    if (result.code !== ReturnCode.OK) return { value: null };
    const value = readOutput(step, result.output);
    if (value !== undefined) return { value };
    const message = `${this.commandOf(step.run)} printed something else than expected`;
    this.parts.onProblem(message);
    return { answer: answerError(500, message) };
  }

  /** Whatever breaks becomes an answer, so that what was done before is taken back. */
  private async runCommand(line: CommandLine, scope: Scope, isLacking = false): Promise<Ended> {
    try {
      return await this.authorizeAndRun(line, scope, isLacking);
    } catch (error) {
      this.parts.onProblem(`a request could not be answered: ${String(error)}`);
      return { answer: answerError(500, 'the request could not be answered, see the log of the service') };
    }
  }

  /** Allowed, and recorded, for itself: right before it runs. */
  private async authorizeAndRun(line: CommandLine, scope: Scope, isLacking: boolean): Promise<Ended> {
    const { authorizer, dispatcher } = this.parts;
    const request = this.accessRequest(line, scope);
    const decision = await authorizer.authorize(request);
    this.rate ??= { state: decision.rate };
    if (decision.outcome === 'deny')
      return { answer: answerRestDenial(decision, denyText(decision, request)) };
    this.isInQuota = true;
    const caller = callerOf(decision, request.client);
    if (isLacking) return { result: await dispatcher.refuseLacking(decision.command, caller) };
    return { result: await dispatcher.dispatch(decision.command, this.argsOf(line, scope), caller) };
  }

  /** Of the steps that did something, those that can be are taken back, the last one first. */
  private async takeBack(failure: RestAnswer): Promise<RestAnswer> {
    const lines = this.done.flatMap(({ undo }) => undo ?? []).reverse();
    if (lines.length === 0) return failure;
    const left: string[] = [];
    for (const line of lines) {
      const ended = await this.runCommand(line, this.scope);
      if (!('result' in ended) || !isGone(ended.result)) left.push(this.commandOf(line));
    }
    const body = failure.body as Record<string, unknown>;
    if (left.length === 0) return { ...failure, body: { ...body, undone: true } };
    const problem = `could not be taken back: ${left.join(', ')} failed too`;
    this.parts.onProblem(`what a request had begun ${problem}`);
    const { message, code } = body as { message: string; code?: number };
    return answerError(500, `${message}; what was done before ${problem}`, {
      ...(code === undefined ? {} : { code }),
      undone: false,
    });
  }

  private failureOf(line: CommandLine, result: CommandResult): RestAnswer {
    const command = this.commandOf(line);
    const answer = answerFailure(command, result, this.secrets());
    if (answer.status >= 500) this.parts.onProblem(`${command} ended with code ${String(result.code)}`);
    return answer;
  }

  /** @param scope - undefined where the arguments are not known yet */
  private accessRequest(line: CommandLine, scope: Scope | undefined): AccessRequest {
    const { credentials, client } = this.request;
    const command = this.commandOf(line);
    const counting = this.rate === undefined ? { defaultRateLimit: restRateLimit } : { isCounted: true };
    const { isInQuota } = this;
    const request: AccessRequest = {
      ...{ mode: 'enforce', client, ...credentials, command, ...counting },
      ...(isInQuota && { isInQuota }),
    };
    if (scope === undefined) return { ...request, areArgsToCome: true };
    return { ...request, args: this.argsOf(line, scope), secretArgs: line.secretArgs };
  }

  private commandOf(line: CommandLine): string {
    return line.command.text(this.scope, this.request.names);
  }

  private argsOf({ args }: CommandLine, scope: Scope): string[] {
    return args.map((arg) => arg.text(scope, this.request.names));
  }

  private secrets(): string[] {
    const inputs = this.request.route.inputs.filter(({ type }) => type === 'password');
    return inputs.map(({ name }) => textOf(this.scope.get(name)));
  }
}

/** A command that is lacking ends with the same code, and takes nothing back. */
function isGone({ code, isMissing }: CommandResult): boolean {
  return code === ReturnCode.OK || (code === ReturnCode.NOT_EXIST && isMissing !== true);
}
