import { textOfNote } from '../../../authorization/suggest/note-text.js';
import {
  isLeftAsIs,
  type Suggestion,
  type SuggestedKey,
  type UsedCommand,
} from '../../../authorization/suggest/suggestion.js';
import { formatRateLimit } from '../../../keys/limits/rate-limit.js';
import { formatAddressRange } from '../../../network/address-range.js';
import { csvLines } from '../../csv-lines.js';
import {
  formatFields,
  formatPlain,
  formatTable,
  parseFormat,
  type OutputFormat,
} from '../../output-formats.js';

export type SuggestionFormat = OutputFormat | 'csv';

export const suggestionFormats: readonly SuggestionFormat[] = ['shell', 'json', 'plain', 'csv'];

/** @throws AppError 2 */
export function parseSuggestionFormat(text: string | undefined): SuggestionFormat {
  return text === 'csv' ? text : parseFormat(text);
}

export function formatSuggestion(suggestion: Suggestion, format: SuggestionFormat): string {
  if (format === 'json') return `${JSON.stringify(jsonOf(suggestion), null, 4)}\n`;
  if (format === 'plain') return formatPlain(rowsOf(suggestion));
  if (format === 'csv') return csvLines([rowHeads, ...rowsOf(suggestion)]);
  return formatReport(suggestion);
}

const rowHeads = ['kind', 'name', 'count', 'last', 'key'];

/** A row for each thing; the kind says what it is. */
function rowsOf(suggestion: Suggestion): string[][] {
  const { commands, unsuggested, beyond, keys, commandLines, notes } = suggestion;
  const used = (kind: string, { command, count, lastMs }: UsedCommand) => [
    ...[kind, command, String(count), moment(lastMs), ''],
  ];
  return [
    ...commands.map((each) => used(each.isSafe ? 'safe' : 'command', each)),
    ...unsuggested.map((each) => used(each.why, each)),
    ...beyond.map((command) => ['beyond', command, '', '', '']),
    ...keys.map(({ accessKeyId, uses, lastMs }) => [
      ...['key', accessKeyId, String(uses), moment(lastMs), accessKeyId],
    ]),
    ...keys.flatMap((key) => rangesOf(key).map((range) => ['address', range, '', '', key.accessKeyId])),
    ...keys.flatMap((key) =>
      key.rateLimit === undefined ? [] : [['rate_limit', rateOf(key), '', '', key.accessKeyId]],
    ),
    ...commandLines.map((line) => ['line', line, '', '', '']),
    ...notes.map(({ code, names }) => ['note', [code, ...names].join(' '), '', '', '']),
  ];
}

function jsonOf(suggestion: Suggestion): object {
  const { subject, node, sinceMs, recordFromMs, decisions, role, api, isUnrestricted } = suggestion;
  const used = ({ command, count, lastMs }: UsedCommand) => {
    return { COMMAND: command, COUNT: count, LAST: moment(lastMs) };
  };
  return {
    ...{ KIND: subject.kind, NAME: subject.name, NODE: node, SINCE: moment(sinceMs) },
    ...{ RECORD_FROM: moment(recordFromMs), DECISIONS: decisions, ROLE: role, API: api },
    UNRESTRICTED: isUnrestricted ? 'yes' : 'no',
    COMMANDS: suggestion.commands.map((each) => ({ ...used(each), SAFE: each.isSafe ? 'yes' : 'no' })),
    UNSUGGESTED: suggestion.unsuggested.map((each) => ({ ...used(each), WHY: each.why })),
    BEYOND: suggestion.beyond,
    KEYS: suggestion.keys.map((key) => ({
      ...{ ACCESS_KEY_ID: key.accessKeyId, USER: key.user, USES: key.uses, LAST: moment(key.lastMs) },
      ...{ ALLOWED_IP: rangesOf(key), RATE_LIMIT: rateOf(key) },
      PEAKS: { s: key.peaks[1], min: key.peaks[60], h: key.peaks[3600] },
    })),
    COMMAND_LINES: suggestion.commandLines,
    NOTES: suggestion.notes.map((note) => ({ CODE: note.code, NAMES: note.names, TEXT: textOfNote(note) })),
  };
}

function formatReport(suggestion: Suggestion): string {
  const { subject, node, sinceMs, recordFromMs, decisions, role, isUnrestricted } = suggestion;
  const { commands, unsuggested, beyond, commandLines, notes } = suggestion;
  const fields = formatFields(
    [
      [subject.kind.toUpperCase(), subject.name],
      ['SINCE', moment(sinceMs)],
      ['RECORD', `${node === '' ? '' : `of node ${node}, `}from ${moment(recordFromMs) || '-'} on`],
      ['ALLOWED', String(decisions)],
      ['ROLE', role],
      ...suggestion.keys.flatMap(fieldsOfKey),
      ['BEYOND', `${isUnrestricted ? 'every command, among them ' : ''}${String(beyond.length)} commands`],
      ...notes.map((note): [string, string] => ['NOTE', textOfNote(note)]),
    ],
    15,
  );
  const rows = [
    ...commands.map((each) => [
      each.command,
      String(each.count),
      moment(each.lastMs),
      each.isSafe ? 'safe' : 'needed',
    ]),
    ...unsuggested.map((each) => [each.command, String(each.count), moment(each.lastMs), each.why]),
    ...beyond.map((command) => [command, '0', '-', 'beyond']),
  ];
  const table = formatTable([['COMMAND', 'USES', 'LAST', 'IS'], ['-------', '----', '----', '--'], ...rows]);
  const lines = commandLines.map((line) => `${line}\n`).join('');
  const nothing = isLeftAsIs(notes)
    ? 'No commands are suggested: the notes say why.'
    : 'There is nothing to change.';
  const inPlace = lines === '' ? `${nothing}\n` : `To put it in place:\n\n${lines}`;
  return `${fields}\n${table}\n${inPlace}`;
}

function fieldsOfKey(key: SuggestedKey): [string, string][] {
  const [ranges, rate] = [rangesOf(key).join(', '), rateOf(key)];
  const from = ranges === '' ? '' : `, from ${ranges}`;
  const often = rate === '' ? '' : `, at most ${rate}`;
  return [['USE', `${key.accessKeyId}: ${String(key.uses)} allowed${from}${often}`]];
}

function rangesOf({ addresses = [] }: SuggestedKey): string[] {
  return addresses.map(formatAddressRange);
}

function rateOf({ rateLimit }: SuggestedKey): string {
  return rateLimit === undefined ? '' : formatRateLimit(rateLimit);
}

/** UTC, to the second. */
function moment(timeMs: number | undefined): string {
  return timeMs === undefined ? '' : `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
