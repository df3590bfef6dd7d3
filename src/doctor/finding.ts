import type { FindingText } from './texts/finding-text.js';
import { keyFindings } from './texts/key-findings.js';
import { roleFindings } from './texts/role-findings.js';
import { setupFindings } from './texts/setup-findings.js';

/** Every finding in English, by its code. Another language has the same codes. */
export const englishFindings = { ...keyFindings, ...setupFindings, ...roleFindings };

export type FindingTexts = typeof englishFindings;
export type FindingCode = keyof FindingTexts;
export const findingCodes: readonly string[] = Object.keys(englishFindings).sort();

/** Something that an operator should look at: on one line, and with nothing secret in it. */
export interface Finding extends FindingText {
  check:
    | 'canary_used'
    | 'weak_access_key'
    | 'weak_legacy_key'
    | 'owner_unknown'
    | 'api_unknown'
    | 'key_end'
    | 'tree_key'
    | 'role_file'
    | 'role_command'
    | 'role_difference'
    | 'nobody_allowed'
    | 'everybody_allowed'
    | 'tls_certificate'
    | 'unknown_setting'
    | 'no_tls'
    | 'command_writable'
    | 'user_commands'
    | 'trusted_loopback'
    | 'untrusted_proxy'
    | 'root_user'
    | 'own_address'
    | 'idle_setting'
    | 'audit_export'
    | 'alert_receiver'
    | 'audit_record'
    | 'audit_keep'
    | 'audit_key'
    | 'audit_witness'
    | 'database'
    | 'disk';
  /** Which of the sentences it is, and what stands in it: for another language than English. */
  code: FindingCode;
  params: object;
}

export function finding<C extends FindingCode>(
  check: Finding['check'],
  code: C,
  ...about: Parameters<FindingTexts[C]>
): Finding {
  const tell = englishFindings[code] as (...about: Parameters<FindingTexts[C]>) => FindingText;
  return { check, ...tell(...about), code, params: about[0] ?? {} };
}
