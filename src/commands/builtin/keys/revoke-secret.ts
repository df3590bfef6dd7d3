import type { AnswerLeak } from '../../../authorization/limits/answer-leak.js';
import { denyText } from '../../../authorization/deny-text.js';
import { AppError, ReturnCode } from '../../../errors.js';
import { parseLeakedSecrets, type LeakedSecret } from '../../../keys/leaks/leaked-secret.js';
import type { LeakAnswer } from '../../../keys/leaks/revoke-leaked.js';
import { canStillCount } from '../../../keys/leaks/secret-owner.js';
import { maskUnknownName } from '../../../text/names.js';
import { requireEverything, type BuiltinCommand, type Terminal } from '../../builtin-command.js';
import { formatPlain, formatTable, jsonRows, parseFormat, type OutputFormat } from '../../output-formats.js';

const heads = ['LINE', 'SECRET', 'KIND', 'KEY', 'USER', 'STATE', 'ACTION'] as const;

/** `v-revoke-secret`: a secret has leaked; whose it is, and its end. */
export function revokeSecretCommand(leaks: AnswerLeak): BuiltinCommand {
  return {
    name: 'v-revoke-secret',
    info: 'find the keys that leaked secrets belong to, and delete them with all that they made',
    options: 'SECRET [FORMAT]',
    longOptions: [{ name: 'dry-run', info: 'only tell whose they are; change nothing' }],
    argumentHelp: {
      SECRET: {
        info: 'always -: asks for the secret, or reads standard input: a secret, ID:SECRET or a legacy key on each line',
      },
    },
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.FORBIDDEN, ReturnCode.BUSY],
    examples: [
      'v-revoke-secret -                             # asks for it',
      'v-revoke-secret - --dry-run < found.txt',
      'v-revoke-secret - json < found.txt',
    ],
    notes: [
      'STATE is what the secret was when it was found: live, suspended, expired, replaced (its key has another one since: delete the key if nobody of yours replaced it), revoked, or unknown.',
      'A key whose former secret leaked is deleted too while that secret counts: a thief with it may have drawn the present one.',
      'Ends with 3 when a secret is unknown here; the keys of the others are deleted all the same.',
    ],
    readsSecretLines: true,
    changes: (_args, _caller, options) => !options.has('dry-run'),
    async run({ args: [text = '', format], options, caller, origin, terminal }) {
      requireEverything(caller);
      const outputFormat = parseFormat(format);
      const leaked = parseLeakedSecrets(text);
      if (leaked.length === 0) throw new AppError(ReturnCode.ARGS, 'expected a secret');
      const isDryRun = options.has('dry-run');
      const answers = isDryRun
        ? await leaks.look(leaked, caller.client)
        : await leaks.revoke(leaked, caller.client, origin);
      if ('reason' in answers)
        throw new AppError(answers.code, denyText(answers, { accessKeyId: '', command: 'v-revoke-secret' }));
      const isUnknown = answers.some(({ owner }) => owner.kind === 'none');
      tellMade(answers, terminal);
      if (isUnknown) await tellUnknown(leaks, terminal);
      const rows = answers.map((answer, index) => rowOf(answer, leaked[index], index, isDryRun));
      return {
        code: isUnknown ? ReturnCode.NOT_EXIST : ReturnCode.OK,
        output: formatAnswers(rows, outputFormat),
      };
    },
  };
}

function rowOf(
  { owner, isRevoked }: LeakAnswer,
  leaked: LeakedSecret | undefined,
  index: number,
  isDryRun: boolean,
): string[] {
  const action = isRevoked ? 'revoked' : isDryRun && canStillCount(owner) ? 'to be revoked' : 'none';
  const [kind, id, user] =
    owner.kind === 'none'
      ? ['', '', '']
      : [owner.kind, owner.id ?? '', owner.kind === 'access_key' ? (owner.user ?? '') : ''];
  const masked = maskUnknownName(leaked?.secret ?? '');
  return [String(leaked?.line ?? index + 1), masked, kind, id, user, owner.state, action];
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

async function tellUnknown(leaks: AnswerLeak, terminal: Terminal): Promise<void> {
  terminal.say('A secret is unknown here: no key has it, or had it within the last 30 days.\n');
  const count = await leaks.countWithoutTag();
  if (count > 0)
    terminal.say(
      `${String(count)} access keys were not used since the pepper was replaced: their secrets are found only as ID:SECRET.\n`,
    );
}
