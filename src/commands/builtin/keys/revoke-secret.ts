import type { AnswerLeak } from '../../../authorization/limits/answer-leak.js';
import { denyText } from '../../../authorization/deny-text.js';
import { AppError, invalid, ReturnCode } from '../../../errors.js';
import { parseLeakedSecrets, type LeakedSecret } from '../../../keys/leaks/leaked-secret.js';
import type { LeakAnswer, LeakAnswers } from '../../../keys/leaks/revoke-leaked.js';
import { canStillCount } from '../../../keys/leaks/secret-owner.js';
import { maskUnknownName } from '../../../text/names.js';
import { requireEverything, type BuiltinCommand, type Terminal } from '../../builtin-command.js';
import {
  formatPlain,
  formatTable,
  isFormat,
  jsonRows,
  parseFormat,
  type OutputFormat,
} from '../../output-formats.js';

const heads = ['LINE', 'SECRET', 'KIND', 'KEY', 'USER', 'STATE', 'ACTION'] as const;

/** `v-revoke-secret`: a secret has leaked; whose it is, and its end. */
export function revokeSecretCommand(leaks: AnswerLeak): BuiltinCommand {
  return {
    name: 'v-revoke-secret',
    info: 'find the keys that leaked secrets belong to, and delete them with all that they made',
    options: 'SECRET [FORMAT]',
    longOptions: [
      { name: 'dry-run', info: 'only tell whose they are; change nothing' },
      {
        name: 'unproved',
        info: 'with --dry-run, for long lists: run no argon2 where a digest tells, and look for a secret that has neither an ID nor a checksum nowhere',
      },
    ],
    argumentHelp: {
      SECRET: {
        info: 'always -: asks for the secret, or reads standard input: a secret, ID:SECRET or a legacy key on each line',
      },
    },
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.LIMIT, ReturnCode.FORBIDDEN, ReturnCode.BUSY],
    examples: [
      'v-revoke-secret -                             # asks for it',
      'v-revoke-secret - --dry-run < found.txt',
      'v-revoke-secret - json < found.txt',
    ],
    notes: [
      'STATE is what the secret was when it was found: live, suspended, expired, canary (its key allows nothing, and stays), replaced (its key has another one since: delete the key if nobody of yours replaced it), revoked (the key of this ID was deleted), or unknown.',
      'A key whose former secret leaked is deleted too while that secret counts: a thief with it may have drawn the present one.',
      'Where several keys have the secret, each has a row, and all are deleted: 1.2 is the second key with the secret of line 1.',
      'All keys are deleted in one change. Ends with 3 when a secret is unknown here; the keys of the others are deleted all the same.',
    ],
    readsSecretLines: true,
    changes: (_args, _caller, options) => !options.has('dry-run'),
    async run({ args: [text = '', format], options, caller, origin, terminal }) {
      requireEverything(caller);
      const outputFormat = readFormat(format);
      const leaked = parseLeakedSecrets(text);
      if (leaked.length === 0) throw new AppError(ReturnCode.ARGS, 'expected a secret');
      const [isDryRun, isProved] = [options.has('dry-run'), !options.has('unproved')];
      if (!isProved && !isDryRun) throw new AppError(ReturnCode.ARGS, '--unproved needs --dry-run');
      const answers = isDryRun
        ? await leaks.look(leaked, caller.client, { isProved, signal: terminal.signal })
        : await leaks.revoke(leaked, caller.client, origin, terminal.signal);
      if ('reason' in answers)
        throw new AppError(answers.code, denyText(answers, { accessKeyId: '', command: 'v-revoke-secret' }));
      const { items } = answers;
      const isUnknown = items.some(({ owner }) => owner.kind === 'none');
      tellMade(items, terminal);
      if (isProved) tellNotCompared(answers, isUnknown, terminal);
      else if (isUnknown) await tellUnproved(leaks, terminal);
      const rows = items.map((answer, place) => {
        const ofOne = items.slice(0, place).filter(({ index }) => index === answer.index).length + 1;
        return rowOf(answer, leaked[answer.index], ofOne, isDryRun);
      });
      return {
        code: isUnknown ? ReturnCode.NOT_EXIST : ReturnCode.OK,
        output: formatAnswers(rows, outputFormat),
        ...(items.some(({ isRevoked }) => isRevoked) && { isDone: true }),
      };
    },
  };
}

function rowOf(
  { index, owner, isRevoked }: LeakAnswer,
  leaked: LeakedSecret | undefined,
  ofOne: number,
  isDryRun: boolean,
): string[] {
  const action = isRevoked ? 'revoked' : isDryRun && canStillCount(owner) ? 'to be revoked' : 'none';
  const [kind, id, user] =
    owner.kind === 'none'
      ? ['', '', '']
      : [owner.kind, owner.id ?? '', owner.kind === 'access_key' ? (owner.user ?? '') : ''];
  const masked = maskUnknownName(leaked?.secret ?? '');
  const line = String(leaked?.line ?? index + 1);
  return [ofOne === 1 ? line : `${line}.${String(ofOne)}`, masked, kind, id, user, owner.state, action];
}

function formatAnswers(rows: readonly string[][], format: OutputFormat): string {
  if (format === 'plain') return formatPlain(rows);
  if (format === 'shell')
    return formatTable([[...heads], heads.map((head) => '-'.repeat(head.length)), ...rows]);
  return jsonRows(
    rows.map(([line = '', ...cells]) => ({
      key: line,
      fields: heads.slice(1).map((head, index) => [head, cells[index] ?? ''] as const),
    })),
  );
}

function tellMade(answers: readonly LeakAnswer[], terminal: Terminal): void {
  const made = new Set(answers.flatMap((answer) => answer.made));
  if (made.size > 0)
    terminal.say(`Deleted with them: the keys that they had made: ${[...made].join(', ')}\n`);
}

/** What can't be compared is said: it may have the secret too. */
function tellNotCompared(
  { withoutTag, byIdAlone }: LeakAnswers,
  isUnknown: boolean,
  terminal: Terminal,
): void {
  if (isUnknown && withoutTag === 0)
    terminal.say('A secret is unknown here: no key has it. Former secrets are known for 30 days.\n');
  else if (isUnknown) terminal.say('A secret is unknown here.\n');
  tellWithoutTag(withoutTag, terminal);
  if (byIdAlone > 0)
    terminal.say(
      `Secrets that were compared with the key of their ID alone: ${String(byIdAlone)}. Send fewer at once to find other keys with the same secret.\n`,
    );
}

function tellWithoutTag(count: number, terminal: Terminal): void {
  if (count > 0)
    terminal.say(
      `Access keys that were not used since the pepper was replaced: ${String(count)}. Their secrets are found only as ID:SECRET.\n`,
    );
}

async function tellUnproved(leaks: AnswerLeak, terminal: Terminal): Promise<void> {
  const { accessKeys, legacyKeys } = await leaks.countWithoutTag();
  tellWithoutTag(accessKeys, terminal);
  if (legacyKeys > 0)
    terminal.say(
      `Legacy keys that were not used since the pepper was replaced: ${String(legacyKeys)}. They are found only without --unproved.\n`,
    );
}

/**
 * A word in its place may be a second secret, so it is not repeated.
 *
 * @throws AppError 2
 */
function readFormat(format: string | undefined): OutputFormat {
  if (format !== undefined && format !== '' && !isFormat(format))
    throw invalid('FORMAT is shell, json or plain; several secrets are sent one on each line');
  return parseFormat(format);
}
