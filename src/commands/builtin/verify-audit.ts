import type { Head } from '../../audit/record/chain.js';
import type { PutAway } from '../../audit/put-away/statement.js';
import type { AuditVerifier } from '../../audit/verify/audit-verifier.js';
import type { Progress } from '../../audit/verify/verification-run.js';
import type { Verification } from '../../audit/verify/verify-record.js';
import { invalid, ReturnCode } from '../../errors.js';
import { ok, type BuiltinCommand, type CommandResult, type Terminal } from '../builtin-command.js';
import { formatFields, formatPlain, parseFormat, type OutputFormat } from '../output-formats.js';

/** `v-verify-audit`: is the record whole? 0 when it is, 12 when not. */
export function verifyAuditCommand(verifier: AuditVerifier): BuiltinCommand {
  return {
    name: 'v-verify-audit',
    info: 'verify the audit record: that nothing in it was altered, removed, inserted, reordered or cut off',
    options: '[FORMAT]',
    longOptions: [
      { name: 'expect', value: 'N:HASH', info: 'a head of the record that you kept elsewhere' },
      { name: 'from', value: 'N', info: 'begin with line N, where older files were archived' },
      {
        name: 'resume',
        info: 'go on from an interrupted verification; what that has verified is not read again',
      },
      { name: 'head', info: 'print the current head as N:HASH, to keep elsewhere; verify nothing' },
    ],
    exitCodes: [ReturnCode.PARSING, ReturnCode.BUSY],
    examples: [
      'v-verify-audit',
      'v-verify-audit --resume',
      'v-verify-audit --head | ssh backup.example.com "cat >> hearthkey-heads"',
      `v-verify-audit json --expect 48211:${'0f'.repeat(32)}`,
    ],
    changes: false,
    async run({ args, options, terminal }) {
      const format = parseFormat(args[0]);
      if (options.has('head')) return ok(`${headText(await verifier.takeHead())}\n`);
      const expected = parseHead(options.get('expect')?.at(-1));
      const from = parseFrom(options.get('from')?.at(-1));
      const isResumed = options.has('resume');
      if (isResumed && from !== undefined) throw invalid('--resume and --from: one or the other');
      const { signal, columns } = terminal;
      const onProgress = columns === undefined ? undefined : progressAt(terminal);
      const found = await verifier.verify(expected, from, { isResumed, signal, onProgress });
      return answer(found, isResumed, verifier, format);
    },
  };
}

function parseHead(text: string | undefined): Head | undefined {
  if (text === undefined) return undefined;
  const match = /^([1-9]\d{0,15}):([0-9a-f]{64})$/.exec(text.trim());
  if (match?.[2] === undefined)
    throw invalid('--expect is a head as v-verify-audit --head prints it: N:HASH');
  return { sequence: Number(match[1]), hash: match[2] };
}

function parseFrom(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,15}$/.test(text)) throw invalid('--from is the number of a line, from 1 on');
  return Number(text);
}

function headText({ sequence, hash }: Head): string {
  return `${String(sequence)}:${hash}`;
}

function beginning(putAway: PutAway | undefined): [string, string][] {
  if (putAway === undefined) return [];
  const { begin, at, why } = putAway;
  return [
    ['BEGINS', `with number ${String(begin)}: older events were put away on purpose by ${why} (${at})`],
  ];
}

/** Lines on standard error. */
function progressAt(terminal: Terminal): (progress: Progress) => void {
  let first: { bytes: number; atMs: number } | undefined;
  return ({ bytes, totalBytes, number }) => {
    const nowMs = performance.now();
    // An earlier one may have read the first part.
    first ??= { bytes, atMs: nowMs };
    const msPerByte = (nowMs - first.atMs) / Math.max(1, bytes - first.bytes);
    const left =
      nowMs === first.atMs
        ? ''
        : `, about ${String(Math.ceil(((totalBytes - bytes) * msPerByte) / 60_000))} min left`;
    const percent = Math.floor((100 * bytes) / Math.max(1, totalBytes));
    terminal.say(`verified up to number ${String(number)}: ${String(percent)} %${left}\n`);
  };
}

function resumedText(isResumed: boolean, found: Verification): [string, string][] {
  if (!isResumed) return [];
  const { resumedAt } = found;
  const text =
    resumedAt === undefined
      ? 'no: there was nothing to go on from, or the record changed since; all of it was verified'
      : `yes: up to number ${String(resumedAt.number)} it was verified by the one that began at ${resumedAt.startedAt}`;
  return [['RESUMED', text]];
}

function answer(
  found: Verification,
  isResumed: boolean,
  verifier: AuditVerifier,
  format: OutputFormat,
): CommandResult {
  const { chainId: chain, remainder } = verifier;
  const whole = found.isWhole ? 'yes' : 'no';
  const { files, lines, first, head, findings, findingCount, putAway } = found;
  const code = found.isWhole ? ReturnCode.OK : ReturnCode.PARSING;
  if (format === 'json') {
    const told = {
      WHOLE: whole,
      CHAIN: chain,
      FILES: files,
      LINES: lines,
      FIRST: first,
      HEAD: headText(head),
      ...Object.fromEntries(resumedText(isResumed, found)),
      ...(putAway !== undefined && {
        BEGINS: { NUMBER: putAway.begin, PUT_AWAY_AT: putAway.at, WHY: putAway.why },
      }),
    };
    const problems = findings.map(({ place, problem }) => ({ PLACE: place, PROBLEM: problem }));
    return {
      code,
      output: `${JSON.stringify({ ...told, PROBLEMS: findingCount, FIRST_PROBLEMS: problems, REMAINDER: remainder }, null, 4)}\n`,
    };
  }
  const fields: [string, string][] = [
    ['WHOLE', whole],
    ['CHAIN', chain],
    ['FILES', String(files)],
    ['LINES', `${String(lines)}, from number ${String(first)} to ${String(head.sequence)}`],
    ['HEAD', headText(head)],
    ...beginning(putAway),
    ...resumedText(isResumed, found),
    ['PROBLEMS', String(findingCount)],
  ];
  for (const { place, problem } of findings) fields.push(['PROBLEM', `${place}: ${problem}`]);
  fields.push(['REMAINDER', remainder]);
  return { code, output: format === 'plain' ? formatPlain(fields) : formatFields(fields, 11) };
}
