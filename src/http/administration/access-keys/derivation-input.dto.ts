import { ArrayMaxSize, IsArray, Matches } from 'class-validator';
import { invalid } from '../../../errors.js';
import type { WantedChild } from '../../../keys/derived/child-of.js';
import { apiNamePattern } from '../../../text/names.js';
import { ApiPropertyOptional } from '../../openapi/describe.js';
import { MayBeAbsent } from '../may-be-absent.js';
import { readLimits } from './access-key-input.js';
import { AccessKeyLimitsInput } from './access-key-input.dto.js';

const mostPermissions = 1000;

/** What narrows a derived key; `expiresIn` or `expiresAt` has to be there. Absent or null: as its parent has it. */
export class DerivationInput extends AccessKeyLimitsInput {
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', pattern: apiNamePattern.source },
    maxItems: mostPermissions,
    description: 'Some of the APIs of its parent; absent: all of them.',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(mostPermissions)
  @Matches(apiNamePattern, { each: true, message: 'expected names of APIs' })
  permissions?: string[];
}

/** @throws AppError 2 */
export function readDerivation({ permissions, ...input }: DerivationInput): WantedChild {
  const { expiresAtMs, allowedAddresses, rateLimit, quota, only } = readLimits(input);
  if (expiresAtMs === undefined || expiresAtMs === null)
    throw invalid('expiresIn: a derived key has to end, such as in 15m');
  return {
    expiresAtMs,
    ...(permissions !== undefined && { permissions: [...new Set(permissions)] }),
    ...(allowedAddresses && { allowedAddresses }),
    ...(rateLimit && { rateLimit }),
    ...(quota && { quota }),
    ...(only && { only }),
  };
}
