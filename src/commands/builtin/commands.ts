import type { Catalogue } from '../../catalogue/catalogue.js';
import type { CommandSpec } from '../../catalogue/command-spec.js';
import { invalid } from '../../errors.js';
import { ok, wide, type BuiltinCommand } from '../builtin-command.js';
import { formatPlain, formatTable, jsonRows, parseFormat } from '../output-formats.js';
import { plainTable } from '../tables/table.js';

/** `v-list-commands`: what can be asked for at all, as the API's wrapper script lists it. */
export function listCommandsCommand(catalogue: Catalogue): BuiltinCommand {
  return {
    name: 'v-list-commands',
    info: 'list the commands whose names match, with description and options',
    options: '[PATTERN] [FORMAT]',
    longOptions: [wide],
    argumentHelp: {
      PATTERN: { info: 'a part of the name; * stands for any characters, ^ and $ for the ends of the name' },
    },
    examples: ['v-list-commands', 'v-list-commands v-change-mail', "v-list-commands 'v-*web*' json"],
    changes: false,
    run({ args: [pattern = '', format] }) {
      const outputFormat = parseFormat(format);
      const commands = catalogue.list().filter(matcher(pattern));
      if (outputFormat === 'json') {
        const rows = commands.map(({ name, info, options }) => ({
          key: name,
          fields: [['DESCRIPTION', info] as const, ['OPTIONS', options] as const],
        }));
        return Promise.resolve(ok(jsonRows(rows)));
      }
      const rows = commands.map(({ name, info, options }) => [name, info, options]);
      if (outputFormat === 'plain') return Promise.resolve(ok(formatPlain(rows)));
      const heads = ['HESTIA COMMAND', 'DESCRIPTION', 'OPTIONS'];
      const text = formatTable([heads, heads.map((head) => '-'.repeat(head.length)), ...rows]);
      const [name = '', ...others] = heads;
      const columns = others.map((head, index) => ({ head, importance: 2 - index, wraps: true as const }));
      return Promise.resolve(ok(text, plainTable([name, ...columns], rows)));
    },
  };
}

/**
 * A part of the name; `*`, and `.*` as the wrapper's users write it, stand for any characters, `^` and `$` for the ends
 * of the name. It is no regular expression: what a client sends must not be able to keep the service busy.
 */
function matcher(pattern: string): (command: CommandSpec) => boolean {
  if (!/^\^?[A-Za-z0-9_.*-]{0,100}\$?$/.test(pattern))
    throw invalid('expected a part of a name, in which * is anything');
  const isFromStart = pattern.startsWith('^');
  const isToEnd = pattern.endsWith('$');
  const parts = pattern
    .replace(/^\^|\$$/g, '')
    .replaceAll('.*', '*')
    .split('*');
  return ({ name }) => {
    let from = 0;
    return parts.every((part, index) => {
      const mustEnd = isToEnd && index === parts.length - 1;
      const at = mustEnd && name.endsWith(part) ? name.length - part.length : name.indexOf(part, from);
      const isInPlace = at >= from && (index > 0 || !isFromStart || at === 0);
      from = at + part.length;
      return isInPlace && (!mustEnd || from === name.length);
    });
  };
}
