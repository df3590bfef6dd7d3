import { describeChange, type ChangeOrigin } from '../audit/audit-event.js';
import type { Change } from '../storage/changes.js';
import type { AccessKey } from './access-key.js';

/** Notes in a change that it touched this key, with its audit event. */
export function recordKeyChange(
  change: Change,
  key: Pick<AccessKey, 'id' | 'user'>,
  origin: ChangeOrigin,
  details: Record<string, string> = {},
): void {
  change.touch('access_key', key.id);
  change.record(describeChange(origin, { accessKeyId: key.id, user: key.user, ...details }));
}
