/** A settings file of Hestia that is not in order; `message` says where and never repeats what stands there. */
export class ConfError extends Error {}

// No quote, no end of a line and no other control character of ASCII but a tab can be in a value: what is one
// setting to this parser is one to every other.
const linePattern = /^([A-Z][A-Z0-9_]{0,63})='([\t -&(-~\u0080-\uffff]*)'$/;

/**
 * Reads a settings file of Hestia (`hestia.conf`, `user.conf`, an access key): lines `NAME='VALUE'`, each name once.
 * Blank lines and lines that start with `#` are skipped. The files were put together from what users typed, so a line
 * of any other form means that somebody may have written settings of his own, and the whole file is refused.
 *
 * @throws ConfError
 */
export function parseConf(text: string): Map<string, string> {
  const values = new Map<string, string>();
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return;
    const at = `line ${index + 1}`;
    const [, name, value] = linePattern.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new ConfError(`${at}: expected NAME='VALUE'`);
    if (values.has(name)) throw new ConfError(`${at}: ${name} stands there twice`);
    values.set(name, value);
  });
  return values;
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
