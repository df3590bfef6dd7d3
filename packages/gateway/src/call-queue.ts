import { tellOf } from './decision-event.js';
import { denyHere, type GateDecision } from './decision.js';
import type { CheckedGateOptions } from './gate-options.js';
import { bundleLength, bundleSize, isPlain, lengthOf, renderBundle, renderQuestion } from './question.js';
import type { GateQuestion } from './question.js';
import { readDecision, readDecisions } from './read-decision.js';
import type { Answer, PendingAnswer, Transport } from './transport.js';

interface Call {
  question: GateQuestion;
  length: number;
  isPlain: boolean;
  startedMs: number;
  timer: NodeJS.Timeout;
  /** Undefined while it waits. */
  request: Request | undefined;
  decide: (decision: GateDecision) => void;
}

/** One request, and those of its calls that nobody has decided yet. */
interface Request {
  open: Set<Call>;
  isBundle: boolean;
  abort: () => void;
}

/**
 * The calls of a gate. A call is asked at once, alone, while fewer than `connections` requests are on their way. Else it
 * waits, and goes with all others that wait as soon as one is answered. So a quiet gateway pays for no bundling, and a
 * busy one asks for many decisions in one request.
 */
export class CallQueue {
  private readonly waiting = new Set<Call>();
  private readonly requests = new Set<Request>();
  private isClosed = false;
  private onIdle: () => void = () => undefined;

  constructor(
    private readonly transport: Transport,
    private readonly options: CheckedGateOptions,
  ) {}

  ask(question: GateQuestion): Promise<GateDecision> {
    return new Promise((resolve) => {
      const call: Call = {
        ...{ question, length: lengthOf(question), isPlain: isPlain(question), request: undefined },
        startedMs: performance.now(),
        timer: setTimeout(() => this.settle(call, denyHere('gateway_timeout')), this.options.timeoutMs),
        decide: resolve,
      };
      const refusal = this.refusalOf(call);
      this.waiting.add(call);
      if (refusal === undefined) this.sendNext();
      else this.settle(call, refusal);
    });
  }

  /** Denies new calls, and waits for those that are asked: at most `timeoutMs`. */
  async close(): Promise<void> {
    this.isClosed = true;
    if (this.waiting.size + this.requests.size > 0)
      await new Promise<void>((resolve) => {
        const before = this.onIdle;
        this.onIdle = () => {
          before();
          resolve();
        };
      });
    this.transport.close();
  }

  private refusalOf({ length }: Call): GateDecision | undefined {
    if (this.isClosed) return denyHere('gateway_closed');
    if (length > bundleLength) return denyHere('gateway_question_too_large');
    const isFull = this.requests.size >= this.options.connections;
    return isFull && this.waiting.size >= this.options.maxWaiting
      ? denyHere('gateway_overloaded')
      : undefined;
  }

  private sendNext(): void {
    while (this.requests.size < this.options.connections) {
      const calls = this.takeBundle();
      if (calls.length === 0) break;
      this.send(calls);
    }
    if (this.waiting.size + this.requests.size === 0) this.onIdle();
  }

  /** The call that waits longest, and those that may go with it. */
  private takeBundle(): Call[] {
    const calls: Call[] = [];
    let length = 0;
    for (const call of this.waiting) {
      if (calls.length > 0 && !canBeBundled(call)) continue;
      if (length + call.length > bundleLength) break;
      length += call.length;
      calls.push(call);
      this.waiting.delete(call);
      if (calls.length === bundleSize || !canBeBundled(call)) break;
    }
    return calls;
  }

  private send(calls: readonly Call[]): void {
    const questions = calls.map(({ question }) => question);
    const [first] = calls;
    const isAlone = calls.length === 1 && first?.isPlain === true;
    const pending = isAlone
      ? this.transport.post('/v1/authorize', renderQuestion(first.question))
      : this.transport.post('/access/v1/evaluations', renderBundle(questions));
    const request = this.track(calls, pending);
    void pending.answer.then((answer) => {
      this.requests.delete(request);
      const decisions = decisionsOf(answer, questions, isAlone);
      for (const [index, call] of calls.entries())
        this.settle(call, decisions[index] ?? denyHere('gateway_bad_answer'));
      this.sendNext();
    });
  }

  private track(calls: readonly Call[], { abort }: PendingAnswer): Request {
    const request = { open: new Set(calls), isBundle: calls.length > 1, abort };
    for (const call of calls) call.request = request;
    this.requests.add(request);
    return request;
  }

  /** Once for each call; later answers are dropped. */
  private settle(call: Call, decision: GateDecision): void {
    const { request } = call;
    const isOpen = request === undefined ? this.waiting.delete(call) : request.open.delete(call);
    if (!isOpen) return;
    clearTimeout(call.timer);
    // Nobody waits for the answer any more: its place is for others.
    if (request?.open.size === 0 && this.requests.has(request)) request.abort();
    const durationMs = performance.now() - call.startedMs;
    // Where this process itself was busy for so long, the timer and the answer come late together.
    const isLate = decision.allowed && durationMs > this.options.timeoutMs;
    const final = isLate ? denyHere('gateway_timeout') : decision;
    const { allowed, reason } = final;
    tellOf(this.options.onDecision, { durationMs, allowed, reason, bundled: request?.isBundle ?? false });
    call.decide(final);
  }
}

/** A question without `args` would mean "no arguments" in a bundle; a long one goes alone. */
function canBeBundled({ question, isPlain }: Call): boolean {
  return question.args !== undefined && isPlain;
}

function decisionsOf(answer: Answer, questions: readonly GateQuestion[], isAlone: boolean): GateDecision[] {
  if ('denied' in answer) return questions.map(() => answer.denied);
  if (isAlone) return [readDecision(answer.json, questions[0]?.args)];
  return readDecisions(answer.json, questions);
}
