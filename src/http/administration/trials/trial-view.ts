import type { TrialReport, TrialReports } from '../../../authorization/trials/trial-report.js';
import { heldTexts, parseHeld } from '../../../catalogue/held-arguments.js';
import { parseAllowedAddresses } from '../../../keys/limits/key-limits.js';
import { formatRateLimit, parseRateLimit } from '../../../keys/limits/rate-limit.js';
import type { TriedParts } from '../../../keys/trials/trial.js';
import { formatAddressRange } from '../../../network/address-range.js';
import { momentOf, momentOrNull } from '../moment.js';
import type { TrialDto, TrialInput, TriedPartsDto } from './trial.dto.js';

/** @throws AppError 2 */
export function readTrial({ permissions, allowedAddresses, rateLimit, only }: TrialInput): TriedParts {
  return {
    ...(permissions !== undefined && { permissions: [...new Set(permissions)] }),
    ...(allowedAddresses !== undefined && {
      allowedAddresses: allowedAddresses === null ? null : parseAllowedAddresses(allowedAddresses),
    }),
    ...(rateLimit !== undefined && { rateLimit: rateLimit === null ? null : parseRateLimit(rateLimit) }),
    ...(only !== undefined && { only: only === null ? null : parseHeld(only) }),
  };
}

export function showTrial(
  { key, trial, decisions, denied, denials }: TrialReport,
  { node, otherNodes, recordFromMs }: Omit<TrialReports, 'trials'>,
): TrialDto {
  return {
    ...{ accessKeyId: key.id, user: key.user, tries: showTried(trial) },
    isReadable: trial.isUnreadable !== true,
    ...{ since: momentOf(trial.sinceMs), by: trial.by, decisions, wouldDeny: denied },
    denials: denials.map(({ command, reason, count, lastMs }) => {
      return { command, reason, count, lastAt: momentOf(lastMs) };
    }),
    ...{ node, otherNodes: [...otherNodes], recordFrom: momentOrNull(recordFromMs) },
  };
}

function showTried({ permissions, allowedAddresses, rateLimit, only }: TriedParts): TriedPartsDto {
  return {
    ...(permissions !== undefined && { permissions: [...permissions] }),
    ...(allowedAddresses !== undefined && {
      allowedAddresses: allowedAddresses?.map(formatAddressRange) ?? null,
    }),
    ...(rateLimit !== undefined && { rateLimit: rateLimit && formatRateLimit(rateLimit) }),
    ...(only !== undefined && { only: only && heldTexts(only) }),
  };
}
