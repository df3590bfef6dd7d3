import { textOfNote } from '../../../authorization/suggest/note-text.js';
import type { SuggestedKey, Suggestion, UsedCommand } from '../../../authorization/suggest/suggestion.js';
import { formatRateLimit } from '../../../keys/limits/rate-limit.js';
import { formatAddressRange } from '../../../network/address-range.js';
import { momentOf, momentOrNull } from '../moment.js';
import type { SuggestedKeyDto, SuggestionDto } from './suggestion.dto.js';

export function showSuggestion(suggestion: Suggestion): SuggestionDto {
  const { subject, node, sinceMs, recordFromMs, decisions, role, api, isUnrestricted } = suggestion;
  return {
    ...{ kind: subject.kind, name: subject.name, node, since: momentOf(sinceMs) },
    ...{ recordFrom: momentOrNull(recordFromMs), decisions, role, api: api === '' ? null : api },
    commands: suggestion.commands.map((each) => ({ ...showUse(each), isSafe: each.isSafe })),
    unsuggested: suggestion.unsuggested.map((each) => ({ ...showUse(each), why: each.why })),
    ...{ beyond: [...suggestion.beyond], isUnrestricted, keys: suggestion.keys.map(showKey) },
    commandLines: [...suggestion.commandLines],
    notes: suggestion.notes.map((note) => {
      return { code: note.code, names: [...note.names], message: textOfNote(note) };
    }),
  };
}

function showUse({ command, count, lastMs }: UsedCommand) {
  return { command, count, lastAt: momentOf(lastMs) };
}

function showKey({
  accessKeyId,
  user,
  uses,
  lastMs,
  addresses,
  rateLimit,
  peaks,
}: SuggestedKey): SuggestedKeyDto {
  return {
    ...{ accessKeyId, user, uses, lastAt: momentOrNull(lastMs) },
    allowedAddresses: addresses?.map(formatAddressRange) ?? null,
    rateLimit: rateLimit === undefined ? null : formatRateLimit(rateLimit),
    peaks: { second: peaks[1], minute: peaks[60], hour: peaks[3600] },
  };
}
