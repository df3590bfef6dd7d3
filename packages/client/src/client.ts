import { checkOptions, type ClientOptions } from './client-options.js';
import { Http } from './http.js';
import { AccessKeys } from './resources/access-keys.js';
import { AllowedIps } from './resources/allowed-ips.js';
import { Apis } from './resources/apis.js';
import { Approvals } from './resources/approvals.js';
import { AuditEvents } from './resources/audit-events.js';
import { Insight } from './resources/insight.js';
import { LeakedSecrets } from './resources/leaked-secrets.js';
import { LegacyKeys } from './resources/legacy-keys.js';
import { Passkeys } from './resources/passkeys.js';
import { Sessions } from './resources/sessions.js';
import { Settings } from './resources/settings.js';
import { Users } from './resources/users.js';

export type { AccessKeyCredentials, ClientOptions } from './client-options.js';
export type { Followed } from './follow.js';
export type { CallOptions, ChangeOptions, CreationOptions } from './http.js';
export type { Listing, Page } from './listing.js';
export type { Schemas, Tagged } from './operation-types.js';
export { HearthkeyError, SecretLostError, type Reason, type WrongField } from './hearthkey-error.js';

/**
 * Hearthkey's REST v1. Each method is one operation of its OpenAPI document; it answers what the document says, and
 * rejects with a `HearthkeyError` otherwise.
 */
export interface Client {
  readonly accessKeys: AccessKeys;
  readonly allowedIps: AllowedIps;
  readonly apis: Apis;
  readonly approvals: Approvals;
  readonly auditEvents: AuditEvents;
  readonly insight: Insight;
  readonly leakedSecrets: LeakedSecrets;
  readonly legacyKeys: LegacyKeys;
  readonly passkeys: Passkeys;
  readonly sessions: Sessions;
  readonly settings: Settings;
  readonly users: Users;
}

/** @throws TypeError or RangeError for options that make no client */
export function createClient(options: ClientOptions): Client {
  const http = new Http(checkOptions(options));
  return {
    accessKeys: new AccessKeys(http),
    allowedIps: new AllowedIps(http),
    apis: new Apis(http),
    approvals: new Approvals(http),
    auditEvents: new AuditEvents(http),
    insight: new Insight(http),
    leakedSecrets: new LeakedSecrets(http),
    legacyKeys: new LegacyKeys(http),
    passkeys: new Passkeys(http),
    sessions: new Sessions(http),
    settings: new Settings(http),
    users: new Users(http),
  };
}
