import { invalid } from '../../../errors.js';
import { parseAccessKeyId } from '../../../keys/access-key.js';
import type { AccessKeys } from '../../../keys/access-keys.js';
import type {
  AccessKeyList,
  AccessKeyPage,
  KeyFilter,
  KeyPlace,
} from '../../../keys/listing/access-key-list.js';
import { ok, wide, type CommandResult, type Invocation, type LongOption } from '../../builtin-command.js';
import { csvLines } from '../../csv-lines.js';
import { parseFormat } from '../../output-formats.js';
import { formatKeys, keyFields, keyTable, shownTo } from './access-key-output.js';

const usualLimit = 100;
const mostKeys = 100_000;
const keysPerPart = 500;

/** Beside what Hestia's clients know: `csv` as FORMAT is none there, so it is an option. */
export const keyPageOptions: readonly LongOption[] = [
  {
    name: 'limit',
    value: 'N',
    info: `the most keys, the newest first (at a terminal ${String(usualLimit)}, else all, by their IDs)`,
  },
  { name: 'after', value: 'ID', info: 'the keys that were made before this one: the next page' },
  { name: 'before', value: 'ID', info: 'the keys that were made after this one: the page before' },
  { name: 'format', value: 'FORMAT', info: 'csv or jsonl: all keys, printed as they are read' },
  wide,
];

export interface KeyPageParts {
  keys: AccessKeys;
  list: AccessKeyList;
}

/** What a terminal gets, and who asks for a page or for csv; undefined: it is a list as scripts know it. */
export async function listKeyPages(
  parts: KeyPageParts,
  invocation: Invocation,
): Promise<CommandResult | undefined> {
  const { args, options, terminal } = invocation;
  const filter: KeyFilter = args[0] === undefined || args[0] === '' ? {} : { user: args[0] };
  const isPaged = ['limit', 'after', 'before'].some((name) => options.has(name));
  const other = options.get('format')?.at(-1);
  if (other !== undefined) {
    if (isPaged || (args[1] ?? '') !== '')
      throw invalid('--format prints all keys, and stands in place of FORMAT');
    return printAll(parts.list, filter, other, invocation);
  }
  const format = parseFormat(args[1]);
  const isForTerminal = terminal.columns !== undefined && format === 'shell';
  if (!isPaged && !isForTerminal) return undefined;
  const page = await readPage(parts, filter, options);
  const output = { isLong: options.has('long'), usage: page.usage, ...shownTo(invocation.caller) };
  tellPages(page, filter, invocation);
  return ok(formatKeys(page.keys, format, output), keyTable(page.keys, output));
}

/** The newest first. Pages go by the time at which keys were made, so that both directions are the same list. */
async function readPage(
  { keys, list }: KeyPageParts,
  filter: KeyFilter,
  options: Invocation['options'],
): Promise<AccessKeyPage> {
  const [after, before] = ['after', 'before'].map((name) => options.get(name)?.at(-1));
  if (after !== undefined && before !== undefined) throw invalid('expected --after or --before, not both');
  const limit = limitOf(options.get('limit')?.at(-1));
  const place = await placeOf(keys, after ?? before);
  if (before === undefined) return list.page(filter, '-createdAt', limit, place);
  const page = await list.page(filter, 'createdAt', limit, place);
  return { ...page, keys: page.keys.toReversed() };
}

async function placeOf(keys: AccessKeys, id: string | undefined): Promise<KeyPlace | undefined> {
  if (id === undefined) return undefined;
  const key = await keys.get(parseAccessKeyId(id), 'everything');
  return { value: key.createdAtMs, id: key.id };
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return usualLimit;
  const limit = Number(text);
  if (!/^[0-9]+$/.test(text) || limit < 1 || limit > mostKeys)
    throw invalid(`--limit is a whole number from 1 to ${String(mostKeys)}`);
  return limit;
}

function tellPages(
  { keys, last }: AccessKeyPage,
  { user }: KeyFilter,
  { options, terminal }: Invocation,
): void {
  const [first, end] = [keys[0], keys.at(-1)];
  if (last === undefined || first === undefined || end === undefined) return;
  const isBackward = options.has('before');
  const words = ['v-list-access-keys', ...(user === undefined ? [] : [user])];
  for (const name of ['limit', 'long', 'wide'])
    if (options.has(name))
      words.push(`--${name}`, ...(options.get(name) ?? []).filter((value) => value !== ''));
  words.push(...(isBackward ? ['--before', first.id] : ['--after', end.id]));
  terminal.say(
    `${String(keys.length)} are shown, and there are ${isBackward ? 'newer' : 'older'} ones: ${words.join(' ')}\n`,
  );
}

async function printAll(
  list: AccessKeyList,
  filter: KeyFilter,
  format: string,
  { terminal, caller }: Invocation,
): Promise<CommandResult> {
  if (format !== 'csv' && format !== 'jsonl') throw invalid(`--format is csv or jsonl, and not ${format}`);
  let place: KeyPlace | undefined;
  let isFirst = true;
  do {
    const page = await list.page(filter, 'id', keysPerPart, place);
    const output = { isLong: true, ...shownTo(caller) };
    const rows = page.keys.map((key) => keyFields(key, { ...output, usage: page.usage }));
    const heads = keyFields(undefined, output).map(([name]) => name);
    const text =
      format === 'jsonl'
        ? rows.map((fields) => `${JSON.stringify(Object.fromEntries(fields))}\n`).join('')
        : csvLines([
            ...(isFirst ? [heads] : []),
            ...rows.map((fields) => fields.map(([, value]) => flat(value))),
          ]);
    if (text !== '') await terminal.print(text);
    isFirst = false;
    place = page.last;
  } while (place !== undefined && !terminal.signal.aborted);
  return ok();
}

function flat(value: string | readonly string[]): string {
  return typeof value === 'string' ? value : value.join(',');
}
