import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Authorizer } from '../authorization/authorize.js';
import type { CommandSpec } from '../catalogue/command-spec.js';
import { describeCommand } from '../catalogue/command-spec.js';
import type { CommandResult } from '../commands/builtin-command.js';
import type { Dispatcher } from '../commands/dispatch.js';
import { parseRoute } from './rest-route.js';
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
  const authorizer = { authorize: allow, foresee: allow } as unknown as Authorizer;
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
});
