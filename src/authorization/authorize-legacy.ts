import type { AuditLog } from '../audit/audit-log.js';
import type { LegacyKeys } from '../keys/legacy-keys.js';
import type { ClientAddress } from './access-request.js';

/** Decides about the root user's legacy credentials. */
export class LegacyAuthorizer {
  constructor(
    private readonly keys: LegacyKeys,
    private readonly audit: AuditLog,
    private readonly rootUser: string,
  ) {}

  /** Whether this is a legacy API key; the decision is recorded before it is answered. */
  async checkKey(key: string, client: ClientAddress): Promise<boolean> {
    const isKnown = (await this.keys.find(key)) !== undefined;
    await this.audit.append(
      {
        type: 'decision',
        outcome: isKnown ? 'allow' : 'deny',
        actor: { kind: 'legacy_key', user: this.rootUser },
        clientAddress: client.text,
        command: 'v-check-api-key',
        ...(isKnown ? {} : { reason: 'key_unknown', code: 9 }),
      },
      { who: 'api', clientAddress: client.text, launched: isKnown ? '' : undefined },
    );
    return isKnown;
  }
}
