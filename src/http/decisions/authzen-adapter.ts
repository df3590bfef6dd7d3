import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Decision } from '../../authorization/access-request.js';
import type { Authorizer } from '../../authorization/authorize.js';
import { findLookalike, findLookalikeInAll, type Lookalike } from './authzen-members.js';
import { readEvaluation, type Evaluation } from './authzen-question.js';
import {
  answerDecision,
  decideFor,
  decideForAll,
  decisionProperties,
  type DecisionAnswer,
  type MalformedQuestion,
} from './decision-answer.js';
import { visible } from '../../text/visible-text.js';
import type { GateCaller } from './gate-callers.js';
import { sendProblem, type Problem } from '../problem.js';
import { routes } from '../routes.js';

const maxEvaluations = 100;

interface Evaluations extends Evaluation {
  evaluations?: Evaluation[];
  options?: { evaluations_semantic?: 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit' };
}

interface EvaluationAnswer {
  decision: boolean;
  context: DecisionAnswer;
}

/** Each part is an object; what is in it is looked at for each question (authzen-question.ts). */
const parts = {
  subject: { type: 'object', properties: { properties: { type: 'object' } } },
  action: { type: 'object' },
  resource: { type: 'object', properties: { properties: { type: 'object' } } },
  context: { type: 'object' },
} as const;

const evaluationSchema = {
  type: 'object',
  required: ['subject', 'action', 'resource'],
  properties: {
    subject: { ...parts.subject, required: ['type', 'id'] },
    action: { ...parts.action, required: ['name'] },
    resource: { ...parts.resource, required: ['type', 'id'] },
    context: parts.context,
  },
} as const;

const evaluationsSchema = {
  type: 'object',
  properties: {
    ...parts,
    evaluations: {
      type: 'array',
      maxItems: maxEvaluations,
      items: { type: 'object', properties: parts },
    },
    options: {
      type: 'object',
      properties: {
        evaluations_semantic: {
          type: 'string',
          enum: ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'],
        },
      },
    },
  },
} as const;

/** `allowed` is said by `decision`. */
const { allowed: decision, ...contextProperties } = decisionProperties;

export const evaluationAnswerSchema = {
  type: 'object',
  required: ['decision', 'context'],
  properties: { decision, context: { type: 'object', properties: contextProperties } },
} as const;

export const evaluationsAnswerSchema = {
  type: 'object',
  properties: {
    ...evaluationAnswerSchema.properties,
    evaluations: { type: 'array', items: evaluationAnswerSchema },
  },
} as const;

/** AuthZEN 1.0 (https://openid.net/specs/authorization-api-1_0.html): one question, or up to a hundred. */
export function registerAuthzen(
  scope: FastifyInstance,
  authorizer: Authorizer,
  callerOf: (request: FastifyRequest) => GateCaller,
): void {
  const decideOne = (asked: MalformedQuestion, request: FastifyRequest): Promise<EvaluationAnswer> =>
    decideFor(authorizer, asked, callerOf(request)).then(answerEvaluation);

  scope.post<{ Body: Evaluation }>(
    routes.evaluation.paths[0],
    {
      schema: { body: evaluationSchema, response: { 200: evaluationAnswerSchema } },
      bodyLimit: routes.evaluation.bodyLimitBytes,
    },
    async (request, reply) => {
      echoRequestId(request, reply);
      const lookalike = findLookalike(request.body);
      if (lookalike !== undefined) return sendProblem(reply, misspelt(lookalike));
      return decideOne(readEvaluation(request.body), request);
    },
  );

  scope.post<{ Body: Evaluations }>(
    routes.evaluations.paths[0],
    {
      schema: { body: evaluationsSchema, response: { 200: evaluationsAnswerSchema } },
      bodyLimit: routes.evaluations.bodyLimitBytes,
    },
    async (request, reply) => {
      echoRequestId(request, reply);
      const lookalike = findLookalikeInAll(request.body);
      if (lookalike !== undefined) return sendProblem(reply, misspelt(lookalike));
      const { evaluations: items = [], options, ...defaults } = request.body;
      if (items.length > 0) {
        const asked = items.map((item) => readEvaluation(item, defaults));
        const semantic = options?.evaluations_semantic ?? 'execute_all';
        if (semantic !== 'execute_all')
          return { evaluations: await decideInTurn(asked, semantic, (one) => decideOne(one, request)) };
        const decisions = await decideForAll(authorizer, asked, callerOf(request));
        return { evaluations: decisions.map(answerEvaluation) };
      }
      const { subject, action, resource } = defaults;
      if (subject === undefined || action === undefined || resource === undefined) {
        return sendProblem(reply, { status: 400, detail: 'body must have subject, action and resource' });
      }
      return decideOne(readEvaluation(defaults), request);
    },
  );
}

/** Nothing is decided: it would be decided about something else than was meant. */
function misspelt({ place, meant }: Lookalike): Problem {
  const why =
    meant === undefined ? 'there are too many unknown members' : `${meant} has its place and its spelling`;
  return { status: 400, detail: `there is no ${visible(place)}: ${why}` };
}

function answerEvaluation(decision: Decision): EvaluationAnswer {
  const context = answerDecision(decision);
  return { decision: context.allowed, context };
}

/** In the order in which they were asked; what comes after the last word is not decided at all. */
async function decideInTurn(
  questions: readonly MalformedQuestion[],
  semantic: 'deny_on_first_deny' | 'permit_on_first_permit',
  decide: (question: MalformedQuestion) => Promise<EvaluationAnswer>,
): Promise<EvaluationAnswer[]> {
  const found: EvaluationAnswer[] = [];
  for (const question of questions) {
    const one = await decide(question);
    found.push(one);
    if (one.decision === (semantic === 'permit_on_first_permit')) break;
  }
  return found;
}

/** So that the caller can tell which answer belongs to which question. */
function echoRequestId({ headers }: FastifyRequest, reply: FastifyReply): void {
  const id = headers['x-request-id'];
  if (typeof id === 'string' && /^[!-~]{1,128}$/.test(id)) void reply.header('X-Request-ID', id);
}
