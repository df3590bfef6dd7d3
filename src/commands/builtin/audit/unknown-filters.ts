import type { AuditReader } from '../../../audit/record/audit-reader.js';
import type { EventFilter } from '../../../audit/record/event-filter.js';
import type { EventQuestion } from './event-options.js';
import type { Invocation } from '../../builtin-command.js';
import { shortened } from '../../../text/visible-text.js';
import type { KnownNames } from '../../known-names.js';
import { isInRecord } from './event-search.js';

/**
 * Where nothing was found: says which of the names that were looked for nobody has, and no event has either. It is
 * probably mistyped, and nothing of it says that nothing happened.
 */
export async function tellUnknownNames(
  reader: AuditReader,
  { filter: asked, before, after }: EventQuestion,
  names: KnownNames,
  terminal: Invocation['terminal'],
): Promise<void> {
  const { accessKeyId, user, command } = asked;
  const parts: unknown[] = [...(Object.values(asked) as unknown[]), before, after].filter(
    (value) => value !== undefined,
  );
  const unknown = async (what: string, filter: EventFilter, isKnown: boolean): Promise<void> => {
    const [name = ''] = Object.values(filter) as string[];
    // The whole record was looked through for nothing else.
    const isAlone = parts.length === 1;
    if (isKnown || (!isAlone && (await isInRecord(reader, filter, terminal.signal)))) return;
    terminal.say(`there is no ${what} ${shortened(name)}, and none in the record\n`);
  };
  if (accessKeyId !== undefined)
    await unknown('access key', { accessKeyId }, await names.hasAccessKey(accessKeyId));
  if (user !== undefined) await unknown('user', { user }, await names.hasUser(user));
  if (command !== undefined) await unknown('command', { command }, names.hasCommand(command));
}
