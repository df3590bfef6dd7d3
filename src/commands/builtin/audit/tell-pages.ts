import type { NumberedEvent } from '../../../audit/record/event-pages.js';
import type { Invocation } from '../../builtin-command.js';
import type { EventQuestion } from './event-options.js';

/** Says that there may be more events than are shown, and how to see them; not to a script that gave a limit. */
export function tellPages(
  { args, options, terminal }: Invocation,
  { limit, isLimitGiven, after }: EventQuestion,
  found: readonly NumberedEvent[],
): void {
  if (found.length < limit || (isLimitGiven && terminal.columns === undefined)) return;
  const numbers = found.map(({ seq }) => seq);
  const page = after === undefined ? ['--before', Math.min(...numbers)] : ['--after', Math.max(...numbers)];
  const others = [...options].flatMap(([name, values]) =>
    name === 'before' || name === 'after'
      ? []
      : [`--${name}`, ...values.slice(-1).filter((value) => value !== '')],
  );
  const words = ['v-list-audit-events', ...args.slice(0, 1), ...others, ...page].map((word) =>
    quoted(String(word)),
  );
  const which = after === undefined ? 'older' : 'newer';
  terminal.say(`${String(limit)} are shown; if there are ${which} ones: ${words.join(' ')}\n`);
}

/** So that a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
