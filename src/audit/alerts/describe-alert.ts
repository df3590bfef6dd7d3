import type { Alert, AlertData } from './alert.js';

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));

const keyOf = ({ accessKeyId, legacyKeyId, user }: AlertData): string => {
  const key = accessKeyId === undefined ? `legacy API key ${text(legacyKeyId)}` : `access key ${accessKeyId}`;
  return user === undefined ? key : `${key} of ${user}`;
};

/** What was not told before, and what will not be. */
function limitOf({ untold, isLimitReached }: AlertData): string {
  const before = untold === undefined ? '' : `; ${text(untold)} more of these were not told before`;
  return isLimitReached === true ? `${before}; more of these within this hour are not told` : before;
}

const sentences: Record<Alert['type'], (data: AlertData) => string> = {
  'key.made': (data) => `${keyOf(data)} was made`,
  'key.widened': (data) => {
    const widened = Array.isArray(data['widened']) ? data['widened'].map(text).join(', ') : '';
    return `${keyOf(data)} may do more than before: ${widened}`;
  },
  'key.ends_soon': (data) => `${keyOf(data)} ends at ${text(data['expires'])}`,
  'key.replaced_secret_used': (data) => `a secret of ${keyOf(data)} that was replaced was used`,
  'key.canary_used': (data) => `the canary ${keyOf(data)} was used`,
  'key.new_network': (data) =>
    `${keyOf(data)} was used from ${text(data['network'])} for the first time${limitOf(data)}`,
  'key.new_command': (data) => `${keyOf(data)} ran ${text(data.command)} for the first time${limitOf(data)}`,
  'denials.burst': (data) => {
    const { of, denials, withinSeconds } = data;
    const who =
      of === 'addresses' ? 'many addresses' : of === 'address' ? text(data.clientAddress) : keyOf(data);
    return `${text(denials)} denials of ${who} within ${text(withinSeconds)} seconds${limitOf(data)}`;
  },
  'approval.requested': (data) =>
    `${text(data['requestedBy'])} asks for a change that a second person has to approve: ${text(data['kind'])}, ` +
    `${text(data['change'])} (v-approve-change ${text(data['approval'])})`,
  'doctor.finding': (data) => `${text(data['subject'])}: ${text(data['problem'])}`,
  'store.changed_outside': (data) => `another program changed the table ${text(data['table'])} of the store`,
  'node.audit_key_changed': (data) => `the node ${text(data['node'])} has another audit key than before`,
  'alert.test': (data) => text(data['text']),
};

/** What happened, in one sentence. */
export function describeAlert({ type, data }: Alert): string {
  return sentences[type](data);
}
