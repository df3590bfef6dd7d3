/** A settings file that is not in order; `message` says where and never repeats what stands there. */
export class ConfError extends Error {}

/** A line that names a setting. */
export interface ConfLine {
  /** From 1. */
  number: number;
  name: string;
  /** Undefined: what stands behind `=` is no value, such as an open quote. */
  value: string | undefined;
}

export interface ConfLines {
  settings: ConfLine[];
  /** The numbers of lines that are neither blank nor a comment, and name no setting. */
  others: number[];
}

const namePattern = /^([A-Za-z_][A-Za-z0-9_]{0,63})[ \t]*=[ \t]*(.*)$/s;
// A value never holds the quote that ends it, the end of a line or a control character other than a tab.
const singleQuoted = /^'([\t -&(-~\u0080-\uffff]*)'[ \t]*(?:#.*)?$/s;
const doubleQuoted = /^"([\t !#-~\u0080-\uffff]*)"[ \t]*(?:#.*)?$/s;
// Without quotes, what a shell would act on is no value: quotes, $ ` \ ; & | < > ( ).
const bare = /^[\t !#%*+,./0-9:=?@A-Z[\]^_a-z{}~\u0080-\uffff-]*$/;
/** A comment: `#` at the start or behind a blank. Without a repeated pattern, so that long texts cost no more. */
const commentStart = /(?:^|[ \t])#/;

/**
 * Reads the lines of a settings file as Hestia reads its own (`hestia.conf`, `user.conf`, access keys, API role files):
 * `NAME='VALUE'`, with single or double quotes or none, blanks round the name and the value, comments on lines of their
 * own or behind a value, a byte order mark and Windows line ends. A value never spans lines.
 */
export function readConfLines(text: string): ConfLines {
  const lines: ConfLines = { settings: [], others: [] };
  withoutByteOrderMark(text)
    .split('\n')
    .forEach((line, index) => {
      const content = trimBlanks(line);
      if (content === '' || content.startsWith('#')) return;
      const [, name, rest = ''] = namePattern.exec(content) ?? [];
      if (name === undefined) lines.others.push(index + 1);
      else lines.settings.push({ number: index + 1, name, value: readValue(rest) });
    });
  return lines;
}

/**
 * Reads a settings file in which each line has to be in order. A name may stand twice if it says the same, or does not
 * count; of one that does not count the last value is taken.
 *
 * @param counts - the names that count; without it all do
 * @throws ConfError for a line of another form, since these files were put together from what users typed and somebody
 *   may have written settings of his own, and for a name that counts and has two values
 */
export function parseConf(text: string, counts?: ReadonlySet<string>): Map<string, string> {
  return collect(readConfLines(text), counts);
}

/**
 * Reads a settings file in which only some names count: values of other names may have any form.
 *
 * @throws ConfError for a line that names nothing, and for a name that counts and has two values, or none that can be read
 */
export function parseSettings(text: string, counts: ReadonlySet<string>): Map<string, string> {
  const { settings, others } = readConfLines(text);
  return collect({ settings: settings.filter(({ name }) => counts.has(name)), others }, counts);
}

/** The distinct values of a name; an undefined one can't be read. */
export function valuesOf({ settings }: ConfLines, name: string): (string | undefined)[] {
  return [...new Set(settings.filter((line) => line.name === name).map(({ value }) => value))];
}

/**
 * What a `user.conf` says of a suspension. As in Hestia, `SUSPENDED='yes'` anywhere in the file counts, also at the end
 * of a longer name and in a comment. Only a clear no is a no.
 */
export function readSuspension(text: string): 'yes' | 'no' | 'unclear' {
  const lines = readConfLines(text);
  const saysYes = lines.settings.some(({ name, value }) => name.endsWith('SUSPENDED') && value === 'yes');
  if (saysYes || text.includes("SUSPENDED='yes'")) return 'yes';
  const values = valuesOf(lines, 'SUSPENDED');
  return values.length === 1 && values[0] === 'no' ? 'no' : 'unclear';
}

/** A value that can be yes or no; without the line it is no. */
export function yesOrNo(values: ReadonlyMap<string, string>, name: string): boolean {
  const value = values.get(name) ?? 'no';
  if (value !== 'yes' && value !== 'no') throw new ConfError(`${name} is neither 'yes' nor 'no'`);
  return value === 'yes';
}

/** The moment that DATE='YYYY-MM-DD' and TIME='HH:MM:SS' name, in the zone of this machine. */
export function creationTimeMs(values: ReadonlyMap<string, string>): number | undefined {
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(values.get('DATE') ?? '');
  const time = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)$/.exec(values.get('TIME') ?? '00:00:00');
  if (date === null || time === null) return undefined;
  const [year = 0, month = 0, day = 0] = date.slice(1).map(Number);
  const [hours = 0, minutes = 0, seconds = 0] = time.slice(1).map(Number);
  const moment = new Date(year, month - 1, day, hours, minutes, seconds);
  // 31 February would be taken for some day in March; and no key is older than the panel.
  const isDay = moment.getMonth() === month - 1 && moment.getDate() === day && year >= 1970;
  return isDay ? moment.getTime() : undefined;
}

/** The text without the mark (U+FEFF) that some editors put at the start of a file. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function collect(
  { settings, others }: ConfLines,
  counts: ReadonlySet<string> | undefined,
): Map<string, string> {
  const [unreadable] = settings.filter(({ value }) => value === undefined);
  const first = Math.min(others[0] ?? Infinity, unreadable?.number ?? Infinity);
  if (first < Infinity) throw new ConfError(`line ${String(first)}: expected NAME='VALUE'`);
  const values = new Map<string, string>();
  for (const { number, name, value = '' } of settings) {
    const isTwofold = values.has(name) && values.get(name) !== value;
    if (isTwofold && (counts === undefined || counts.has(name)))
      throw new ConfError(`line ${String(number)}: ${name} stands there twice`);
    values.set(name, value);
  }
  return values;
}

/** @param rest - what stands behind `=`, without blanks round it */
function readValue(rest: string): string | undefined {
  if (rest.startsWith("'")) return singleQuoted.exec(rest)?.[1];
  if (rest.startsWith('"')) return doubleQuoted.exec(rest)?.[1];
  const end = rest.search(commentStart);
  const value = trimBlanks(end === -1 ? rest : rest.slice(0, end));
  return bare.test(value) ? value : undefined;
}

/** Blanks, tabs and the carriage return of a Windows line end. By index: a pattern takes quadratic time. */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  if (text.endsWith('\r')) end -= 1;
  while (start < end && isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
