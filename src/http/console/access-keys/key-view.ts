import type { AccessKeyDto, AccessKeyPageDto } from '../../administration/access-keys/access-key.dto.js';
import type { ApiDto } from '../../administration/apis/api.dto.js';
import type { AuditCountDto, AuditEventDto } from '../../administration/audit/audit-event.dto.js';
import type { QuotaStateDto } from '../../administration/usage/key-usage.dto.js';
import type { TrialDto } from '../../administration/trials/trial.dto.js';
import type { KeyOwner } from './key-owner.js';
import type { DayUse } from './use-chart.js';

/** What is tried of a key, as it was when it was read. */
export interface KeyTrial {
  report: TrialDto;
  /** The entity tag of the trial. */
  state: string;
}

/** What the page of a key shows. */
export interface KeyView {
  accessKey: AccessKeyDto;
  owner: KeyOwner;
  /** Keys that it made, or that were derived from it. */
  children: AccessKeyPageDto;
  apis: readonly ApiDto[];
  /** Undefined: nothing is tried of it. */
  trial: KeyTrial | undefined;
  /** Of the key, and of those that made it. */
  quotas: readonly QuotaStateDto[];
  days: string;
  uses: readonly DayUse[];
  /** Allowed requests for each command. */
  commandUses: readonly AuditCountDto[];
  denials: readonly AuditEventDto[];
  changes: readonly AuditEventDto[];
}
