import type { AuditReader } from '../../../audit/record/audit-reader.js';
import type { EventFilter } from '../../../audit/record/event-filter.js';
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
  { accessKeyId, user, command }: EventFilter,
  names: KnownNames,
  terminal: Invocation['terminal'],
): Promise<void> {
  const unknown = async (what: string, filter: EventFilter, isKnown: boolean): Promise<void> => {
    const [name = ''] = Object.values(filter) as string[];
    if (isKnown || (await isInRecord(reader, filter, terminal.signal))) return;
    terminal.say(`there is no ${what} ${shortened(name)}, and none in the record\n`);
  };
  if (accessKeyId !== undefined)
    await unknown('access key', { accessKeyId }, await names.hasAccessKey(accessKeyId));
  if (user !== undefined) await unknown('user', { user }, await names.hasUser(user));
  if (command !== undefined) await unknown('command', { command }, names.hasCommand(command));
}
