import type { AccessKeyPageDto } from '../../administration/access-keys/access-key.dto.js';
import type { AllowedIpsDto } from '../../administration/allowed-ips/allowed-ips.dto.js';
import type { AuditEventPageDto } from '../../administration/audit/audit-event.dto.js';
import type { SettingsDto } from '../../administration/settings/settings.dto.js';
import type { UserListDto } from '../../administration/users/user.dto.js';
import type { ApiCalls } from '../api/console-api.js';

export const steps = ['user', 'key', 'callers', 'request'] as const;
export type Step = (typeof steps)[number];

export interface Checklist {
  done: Readonly<Record<Step, boolean>>;
  /** For the first request; undefined: there is none yet. */
  accessKeyId: string | undefined;
  /** The newest event when this was read. */
  newestEvent: number;
}

/** @returns undefined where every step was done: it is no new installation */
export async function readChecklist(api: ApiCalls): Promise<Checklist | undefined> {
  const newest = await api.get<AuditEventPageDto>('/v1/audit-events', { limit: 1 });
  const [keys, settings, addresses, requests] = await Promise.all([
    api.get<AccessKeyPageDto>('/v1/access-keys', { limit: 1, sort: '-createdAt' }),
    api.get<SettingsDto>('/v1/settings'),
    api.get<AllowedIpsDto>('/v1/allowed-ips'),
    api.get<AuditEventPageDto>('/v1/audit-events', {
      ...{ actor: 'programs', type: 'decision', outcome: 'allow', limit: 1 },
    }),
  ]);
  const hasKey = keys.items.length > 0;
  const done = {
    // A key has a user.
    user: hasKey || (await hasUsers(api)),
    key: hasKey,
    callers: settings.accessKeyApi !== 'off' && addresses.items.length > 0,
    request: requests.items.length > 0,
  };
  if (steps.every((step) => done[step])) return undefined;
  return { done, accessKeyId: keys.items[0]?.accessKeyId, newestEvent: newest.items[0]?.number ?? 0 };
}

async function hasUsers(api: ApiCalls): Promise<boolean> {
  const { items } = await api.get<UserListDto>('/v1/users');
  return items.some(({ isRootUser }) => !isRootUser);
}
