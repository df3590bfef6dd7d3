import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Authorizer } from '../../authorization/authorize.js';
import type { CommandSpec } from '../../catalogue/command-spec.js';
import { describeCommand } from '../../catalogue/command-spec.js';
import type { CommandResult } from '../../commands/builtin-command.js';
import type { Dispatcher } from '../../commands/dispatch.js';
import { parseRoute } from './routes/rest-route.js';
import { RestRun } from './rest-run.js';

/** What each command comes to; it ends with 0 unless it stands here. */
let outcomes: Record<string, CommandResult | Error>;
let ran: string[];
let problems: string[];

beforeEach(() => {
  outcomes = {};
  ran = [];
  problems = [];
});

function run(...steps: object[]) {
  const dispatcher = {
    has: () => true,
    dispatch: ({ name }: CommandSpec) => {
      ran.push(name);
      const outcome = outcomes[name] ?? { code: 0, output: '' };
      return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
    },
  } as unknown as Dispatcher;
  const allow = ({ command }: { command: string }) =>
    Promise.resolve({ outcome: 'allow', permissions: [], command: describeCommand(command, '', '') });
  const authorizer = { authorize: allow, precheck: allow } as unknown as Authorizer;
  const parts = { authorizer, dispatcher, onProblem: (problem: string) => problems.push(problem) };
  const request = {
    route: parseRoute({ route: 'POST /things', steps, answer: {} }, {}),
    names: {},
    credentials: { accessKeyId: '', secretAccessKey: '' },
    client: { address: undefined, text: '' },
  };
  return new RestRun(parts, request, new Map()).run();
}

const first = { run: ['v-add-first'], undo: ['v-delete-first'] };
const second = { run: ['v-add-second'], undo: ['v-delete-second'] };
const third = { run: ['v-add-third'] };

describe('what a request has begun is taken back', () => {
  it('also where a later command breaks', async () => {
    outcomes = { 'v-add-third': new Error('out of descriptors') };
    expect(await run(first, second, third)).toMatchObject({ status: 500, body: { undone: true } });
    expect(ran.slice(2)).toEqual(['v-add-third', 'v-delete-second', 'v-delete-first']);
    expect(problems).toEqual([expect.stringContaining('out of descriptors')]);
  });

  it('and what breaks on the way back is told, and stops nothing else', async () => {
    outcomes = { 'v-add-third': { code: 4, output: '' }, 'v-delete-second': new Error('broken') };
    const answer = await run(first, second, third);
    expect(answer).toMatchObject({ status: 500, body: { undone: false, code: 4 } });
    expect(ran.slice(3)).toEqual(['v-delete-second', 'v-delete-first']);
  });

  it.each([
    ['is lacking', { code: 3, output: '', isMissing: true } as const, false],
    ['says that it is gone already', { code: 3, output: '' }, true],
  ])('and is told to be so only if it was: the command to do it %s', async (_what, outcome, undone) => {
    outcomes = { 'v-add-second': { code: 4, output: '' }, 'v-delete-first': outcome };
    expect(await run(first, second)).toMatchObject({ body: { undone } });
  });

  it('also by a step that was done and printed something else than expected', async () => {
    outcomes = { 'v-add-second': { code: 0, output: 'no JSON' } };
    expect(await run(first, { ...second, as: 'out', read: 'json' })).toMatchObject({
      body: { undone: true },
    });
    expect(ran.slice(2)).toEqual(['v-delete-second', 'v-delete-first']);
  });

  it('and what was there before is not', async () => {
    outcomes = { 'v-add-first': { code: 4, output: '' }, 'v-add-third': { code: 8, output: '' } };
    const answer = await run({ ...first, done: [0, 4] }, second, third);
    expect(answer).toMatchObject({ status: 409, body: { code: 8, undone: true } });
    expect(ran.slice(3)).toEqual(['v-delete-second']);
  });
});
