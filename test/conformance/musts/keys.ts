/** What has to hold of access keys and legacy keys. */
import { setTimeout as sleep } from 'node:timers/promises';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyChanges, madeKeys, recordedKey } from '../effects.js';
import { sameSet } from '../allowed-addresses.js';
import { accessKeyIn } from '../made-keys.js';
import { argumentOf, codeOf, type Must, type MustContext, problem, type Problem, textOf } from './must.js';

export const keyMusts: readonly Must[] = [
  { sentence: /^no (?:legacy )?key is made$/, wants: ['keys'], replaces: 'keys', check: noKeyIsMade },
  {
    sentence: /^the key has exactly the \w+ permissions?, or no key is made$/,
    wants: ['keys'],
    replaces: 'keys',
    check: (context) => {
      const effect = Object.entries(context.one.effects).find(([path]) =>
        path.startsWith('data/access-keys/'),
      );
      if (effect === undefined) return 'the case recorded no key';
      return permissionsAre(context, recordedKey(effect[1]).permissions);
    },
  },
  {
    sentence: /^the permissions? (?:is|are) (\S+), or no key is made$/,
    wants: ['keys'],
    replaces: 'keys',
    check: (context, [names = '']) => permissionsAre(context, names.split(',')),
  },
  {
    sentence: /^the key (?:has no permissions|may run everything), or no key is made$/,
    wants: ['keys'],
    replaces: 'keys',
    check: (context) => permissionsAre(context, []),
  },
  {
    sentence: 'the key has this comment, or no key is made',
    wants: ['keys'],
    replaces: 'keys',
    check: (context) => commentIs(context, (comment) => comment === argumentOf(context.one, 3)),
  },
  {
    sentence: 'the comment is the one given, with one or two blanks',
    wants: ['keys'],
    replaces: 'keys',
    check: (context) => {
      if (madeKeys(context.before, context.after).size === 0) return 'no key was made';
      return commentIs(context, (comment) => folded(comment) === folded(argumentOf(context.one, 3)));
    },
  },
  { sentence: /^(\S+) allows (\S+) nothing$/, wants: ['keys'], replaces: 'keys', check: allowsNothing },
  {
    sentence: 'the key is gone',
    wants: ['keys'],
    replaces: 'keys',
    check: ({ one, after }) =>
      problem(!after.keys.has(argumentOf(one, 1)), `${argumentOf(one, 1)} is still there`),
  },
  {
    sentence: /^(\S+) (?:is|stays) still there$/,
    wants: ['keys'],
    replaces: 'keys',
    check: ({ after }, [id = '']) => problem(after.keys.has(id), `${id} is gone`),
  },
  {
    sentence: /^(?:no key|nothing) is deleted$/,
    wants: ['keys'],
    replaces: 'keys',
    check: ({ before, after }) => {
      const gone = keyChanges(before, after).filter((change) => change.includes('deleted'));
      return problem(gone.length === 0, gone.join('; '));
    },
  },
  {
    sentence: /^no key is revoked(?: and no success is logged)?$/,
    wants: ['keys', 'audit'],
    replaces: 'keys',
    check: ({ one, before, after }) => {
      const changes = keyChanges(before, after);
      if (changes.length > 0) return changes.join('; ');
      const command = one.adapter === 'cli' ? one.argv[0] : undefined;
      const known = new Set(before.events.map((event) => event.id));
      const events = after.events.filter((event) => !known.has(event.id) && event.command === command);
      const success = events.find((event) => event.outcome === 'done' || event.code === 0);
      return problem(success === undefined, `the audit has a success: ${JSON.stringify(success)}`);
    },
  },
  {
    sentence: /^the key was refused \(([\d or]+)\) when it was to be made, so there is none$/,
    wants: ['keys'],
    check: ({ setUp, after }, [codes = '']) => {
      const refused = codes
        .split(' or ')
        .map(Number)
        .includes(setUp.at(-1)?.answer.exitCode ?? -1);
      if (!refused) return `the set-up ended with ${setUp.at(-1)?.answer.exitCode}`;
      return problem(after.keys.size === 0, `there are keys: ${[...after.keys.keys()].join(', ')}`);
    },
  },
];

function noKeyIsMade({ before, after }: MustContext): Problem {
  const made = keyChanges(before, after).filter((change) => /^made |^legacy keys made/.test(change));
  return problem(made.length === 0, made.join('; '));
}

function permissionsAre({ before, after }: MustContext, permissions: readonly string[]): Problem {
  const made = [...madeKeys(before, after).values()];
  if (made.length === 0) return undefined;
  const fitting = made.length === 1 && sameSet(made[0]?.permissions ?? [], permissions);
  return problem(fitting, `permissions ${made.map((key) => key.permissions.join(',')).join('; ')}`);
}

function commentIs({ before, after }: MustContext, fits: (comment: string) => boolean): Problem {
  const made = [...madeKeys(before, after).values()];
  const others = made.filter((key) => !fits(key.comment));
  return problem(
    others.length === 0 && made.length <= 1,
    `comment ${others.map((key) => key.comment).join('; ')}`,
  );
}

/**
 * The API gets one more command, whose USER stands first, so that nothing but the missing role can be what refuses
 * it; then the key that was made tries all of them.
 */
async function allowsNothing(
  context: MustContext,
  [name = '', user = '']: readonly string[],
): Promise<Problem> {
  const made = [...madeKeys(context.before, context.after)];
  if (codeOf(context.answer) !== 0) return problem(made.length === 0, 'refused, and yet a key was made');
  const pair = accessKeyIn(textOf(context.answer));
  if (pair === undefined || !made.some(([id, key]) => id === pair.id && key.user === user))
    return 'no key of the user';
  const api = context.one.state.apis?.find((entry) => entry.name === name);
  const commands = [...(api?.commands ?? '').split(','), 'v-oracle-echo'];
  const role = api?.role === undefined ? '' : `ROLE='${api.role}'\n`;
  writeFileSync(
    join(context.service.folder.dataDir, 'api', name),
    `${role}COMMANDS='${commands.join(',')}'\n`,
  );
  await sleep(1100);
  for (const command of commands.filter((text) => text !== '')) {
    const answer = await context.service.ask([
      'v-check-access-key',
      pair.id,
      pair.secret,
      command,
      '127.0.0.1',
    ]);
    if (answer.exitCode === 0) return `${pair.id} of ${user} may run ${command}`;
  }
  return undefined;
}

function folded(text: string): string {
  return text.replace(/ +/g, ' ');
}
