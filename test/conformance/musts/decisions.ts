/** What has to hold of decisions, of their record, and of what runs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newDecisions, newestDecision } from '../audit.js';
import { readTraces } from '../case-folder.js';
import { codeOf, type Must, type MustContext, problem, type Problem, requestFields, textOf } from './must.js';

export const decisionMusts: readonly Must[] = [
  {
    sentence: /^(?:not allowed|refused|denied)$/,
    wants: ['audit'],
    replaces: 'auth_log',
    check: (context) => {
      if (codeOf(context.answer) === 0) return 'a success';
      if (textOf(context.answer).includes('USER_ARG_POSITION')) return 'the decision is an allow';
      return nothingAllowed(context);
    },
  },
  {
    sentence: /^(?:nothing|no command) is run$/,
    wants: ['audit'],
    check: (context) => {
      const traces = readTraces(context.service.folder);
      if (traces.length > 0) return `was run: ${JSON.stringify(traces)}`;
      return nothingAllowed(context);
    },
  },
  {
    sentence: /^nothing is run for (\S+?)(?::.*)?$/,
    check: ({ service }, [user = '']) => {
      const run = readTraces(service.folder).filter(
        ({ command, args }) => userOf(service, command, args) === user,
      );
      return problem(run.length === 0, `was run: ${JSON.stringify(run)}`);
    },
  },
  {
    sentence: /^recorded as a (denial|refusal|success)\b/,
    wants: ['audit'],
    replaces: 'auth_log',
    check: ({ one, before, after }, [word]) => {
      const key = one.adapter === 'http' ? requestFields(one).get('access_key') : one.argv[1];
      const decision = newestDecision(newDecisions(before.events, after.events), key);
      const expected = word === 'success' ? 'allow' : 'deny';
      return problem(
        decision?.outcome === expected,
        `the newest decision is ${decision?.outcome ?? 'not there'}`,
      );
    },
  },
  {
    sentence: /^never sent as text\/html$/,
    check: ({ answer }) => {
      const type = answer.adapter === 'http' ? (answer.headers.get('content-type') ?? '') : '';
      return problem(!/html/i.test(type), type);
    },
  },
  { sentence: /^the line end can't forge a log or audit entry$/, wants: ['audit'], check: nothingForged },
];

function nothingAllowed({ before, after }: MustContext): Problem {
  const allowed = newDecisions(before.events, after.events).filter((event) => event.outcome === 'allow');
  return problem(allowed.length === 0, `the audit has an allow: ${JSON.stringify(allowed)}`);
}

/** The user that an executable was run for: where USER stands in its own `# options:` line. */
function userOf(
  service: MustContext['service'],
  command: string,
  args: readonly string[],
): string | undefined {
  const text = readFileSync(join(service.folder.commandsDir, command), 'utf8');
  const options = /^# options: (.*)$/m.exec(text)?.[1]?.split(/\s+/) ?? [];
  const place = options.findIndex((option) => option === 'USER' || option === '[USER]');
  return place === -1 ? undefined : args[place];
}

/** What follows a line end in a field of the request must not start a line in any file or output of the service. */
function nothingForged({ one, service, after }: MustContext): Problem {
  if (one.adapter !== 'http') return 'only for requests';
  const tails = [...requestFields(one).values()]
    .flatMap((value) => value.split(/\r\n|\r|\n/).slice(1))
    .filter((tail) => tail.trim() !== '');
  if (tails.length === 0) return 'no field has a line end';
  const texts = [
    service.log,
    ...filesBelow(service.folder.dataDir).map((file) => readFileSync(file, 'latin1')),
  ];
  const lines = texts.flatMap((text) => text.split(/\r\n|\r|\n/));
  const forged = lines.find((line) => tails.some((tail) => line.startsWith(tail)));
  if (forged !== undefined) return `a forged line: ${forged}`;
  const words = new Set(tails.flatMap((tail) => tail.split(/\s+/)));
  const event = after.events.find((entry) => entry.key !== undefined && words.has(entry.key));
  return problem(event === undefined, `a forged event: ${JSON.stringify(event)}`);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
