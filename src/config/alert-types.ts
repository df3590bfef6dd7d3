/**
 * What an alert may be about, by the name that receivers see: a group, a full stop, what happened.
 *
 * - `key.made`: an access key or a legacy API key was made or taken over
 * - `key.widened`: a key may do more than before: its permissions, addresses, rate limit, quota or end
 * - `key.ends_soon`: a key ends in less than 7 days, or in less than a day; each is said once for an end
 * - `key.replaced_secret_used`: somebody still has a secret that was replaced
 * - `key.canary_used`: somebody used a key that is there to be found
 * - `key.new_network`: the first allowed use of a key from a network
 * - `key.new_command`: the first allowed use of a command by a key
 * - `denials.burst`: many denials of a key or of an address within a minute
 * - `approval.requested`: a change waits for a second person
 * - `doctor.finding`: `hearthkey doctor` finds something that it did not find before
 * - `store.changed_outside`: another program changed a table of the store
 * - `node.audit_key_changed`: another node signs its record with another key than before
 */
export const alertTypes = [
  ...(['key.made', 'key.widened', 'key.ends_soon', 'key.replaced_secret_used', 'key.canary_used'] as const),
  ...(['key.new_network', 'key.new_command', 'denials.burst', 'doctor.finding'] as const),
  'approval.requested',
  ...(['store.changed_outside', 'node.audit_key_changed'] as const),
] as const;
export type AlertType = (typeof alertTypes)[number];

export function isAlertType(text: string): text is AlertType {
  return (alertTypes as readonly string[]).includes(text);
}

/** Somebody has what nobody should have, or changes what nobody should change: a mail of these waits for nothing. */
const urgent: ReadonlySet<string> = new Set<AlertType>([
  ...(['key.canary_used', 'store.changed_outside', 'node.audit_key_changed'] as const),
]);

export function isUrgent(type: string): boolean {
  return urgent.has(type);
}
