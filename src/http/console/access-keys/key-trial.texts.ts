import { translations } from '../languages.js';

/** Of what is tried of a key. */
export const keyTrialTexts = translations({
  en: {
    title: 'On trial',
    intro:
      'This is tried of the key. Decisions stay as they are. What the trial would have denied is counted here.',
    unreadable: 'What is kept of this trial can not be read. It tries nothing. Begin another one.',
    parts: {
      permissions: 'API roles',
      allowedAddresses: 'Allowed addresses',
      rateLimit: 'Rate limit',
      only: 'Held to arguments',
    },
    none: 'none',
    since: 'Since',
    by: 'Begun by',
    counts: (denied: number, decisions: number) =>
      `It would have denied ${String(denied)} of ${String(decisions)} allowed requests.`,
    otherNodes: (nodes: string) => `Each node records its own decisions. Ask these as well: ${nodes}.`,
    recordFrom: 'Older requests are not in the record any more. It counts from',
    denials: 'What it would have denied',
    command: 'Command',
    reason: 'Reason',
    count: 'Requests',
    last: 'Last',
    sure: 'Yes, this counts for the key from now on',
    enforce: 'Enforce',
    notSure: 'Confirm that what is tried counts from now on',
  },
  de: {
    title: 'Auf Probe',
    intro:
      'Das wird an diesem Schlüssel erprobt. Entscheidungen bleiben, wie sie sind. Hier wird gezählt, was die Probe abgelehnt hätte.',
    unreadable:
      'Was von dieser Probe gespeichert ist, lässt sich nicht lesen. Sie erprobt nichts. Beginnen Sie eine neue.',
    parts: {
      permissions: 'API-Rollen',
      allowedAddresses: 'Erlaubte Adressen',
      rateLimit: 'Anfragelimit',
      only: 'Beschränkt auf Argumente',
    },
    none: 'keine',
    since: 'Seit',
    by: 'Begonnen von',
    counts: (denied: number, decisions: number) =>
      `Sie hätte ${String(denied)} von ${String(decisions)} erlaubten Anfragen abgelehnt.`,
    otherNodes: (nodes: string) =>
      `Jeder Knoten protokolliert seine eigenen Entscheidungen. Fragen Sie auch diese: ${nodes}.`,
    recordFrom: 'Ältere Anfragen stehen nicht mehr im Protokoll. Gezählt wird ab',
    denials: 'Was sie abgelehnt hätte',
    command: 'Befehl',
    reason: 'Grund',
    count: 'Anfragen',
    last: 'Zuletzt',
    sure: 'Ja, das gilt für den Schlüssel ab jetzt',
    enforce: 'In Kraft setzen',
    notSure: 'Bestätigen Sie, dass das Erprobte ab jetzt gilt',
  },
});
