import type { AccessKeyDto, AccessKeyPageDto } from '../../administration/access-keys/access-key.dto.js';
import type { ApiDto } from '../../administration/apis/api.dto.js';
import type { AuditCountDto, AuditEventDto } from '../../administration/audit/audit-event.dto.js';
import type { DayUse } from './use-chart.js';

/** What the page of a key shows. */
export interface KeyView {
  accessKey: AccessKeyDto;
  isOfRootUser: boolean;
  /** Keys that it made, or that were derived from it. */
  children: AccessKeyPageDto;
  apis: readonly ApiDto[];
  days: string;
  uses: readonly DayUse[];
  /** Allowed requests for each command. */
  commandUses: readonly AuditCountDto[];
  denials: readonly AuditEventDto[];
  changes: readonly AuditEventDto[];
}
