import type { ApprovalKind } from '../../../approvals/approval.js';
import { translations } from '../languages.js';

const kindsInEnglish: Readonly<Record<ApprovalKind, string>> = {
  unrestricted_key: 'A key that may run everything',
  admin_role: 'A key with an administrators’ role',
  role_file: 'A role of administrators',
  administrator: 'A new administrator',
  credentials: 'Credentials of an administrator',
  allow_list: 'Who may call: everybody, or a very large range',
  restore: 'A restore',
  import: 'An import',
  shorter_record: 'Less of the record is kept',
};

const kindsInGerman: Readonly<Record<ApprovalKind, string>> = {
  unrestricted_key: 'Ein Schlüssel, der alles darf',
  admin_role: 'Ein Schlüssel mit einer Rolle für Administratoren',
  role_file: 'Eine Rolle für Administratoren',
  administrator: 'Ein neuer Administrator',
  credentials: 'Zugangsdaten eines Administrators',
  allow_list: 'Wer zugreifen darf: alle, oder ein sehr großer Bereich',
  restore: 'Eine Wiederherstellung',
  import: 'Ein Import',
  shorter_record: 'Vom Protokoll wird weniger aufbewahrt',
};

export const approvalsTexts = translations({
  en: {
    title: 'Approvals',
    intro:
      'Changes that widen the most wait for a second person. You approve exactly the change that is shown. The person who asked for it repeats it within 24 hours, and it is made once.',
    off: 'Nothing is approved on this page: two persons are not asked for (HEARTHKEY_APPROVALS), or a panel has the users, and operators approve at the command line.',
    columns: { what: 'Change', by: 'Asked by', asked: 'Asked', state: 'State', action: 'Action' },
    kinds: kindsInEnglish,
    waits: 'waits',
    approved: (person: string) => `approved by ${person}`,
    ends: 'ends',
    own: 'Somebody else has to approve what you have asked for.',
    approve: 'Approve',
    approveOf: (id: string) => `Approve the change ${id}`,
    reject: 'Reject',
    rejectOf: (id: string) => `Reject the change ${id}`,
    empty: 'Nothing waits for a second person',
  },
  de: {
    title: 'Freigaben',
    intro:
      'Änderungen, die am meisten erlauben, warten auf eine zweite Person. Sie geben genau die Änderung frei, die hier steht. Wer sie wollte, wiederholt sie innerhalb von 24 Stunden, und sie gilt einmal.',
    off: 'Auf dieser Seite wird nichts freigegeben: Zwei Personen sind nicht verlangt (HEARTHKEY_APPROVALS), oder ein Panel hat die Benutzer, und Betreiber geben an der Kommandozeile frei.',
    columns: {
      what: 'Änderung',
      by: 'Gewünscht von',
      asked: 'Gewünscht',
      state: 'Zustand',
      action: 'Aktion',
    },
    kinds: kindsInGerman,
    waits: 'wartet',
    approved: (person: string) => `freigegeben von ${person}`,
    ends: 'endet',
    own: 'Was Sie gewünscht haben, muss jemand anderes freigeben.',
    approve: 'Freigeben',
    approveOf: (id: string) => `Änderung ${id} freigeben`,
    reject: 'Ablehnen',
    rejectOf: (id: string) => `Änderung ${id} ablehnen`,
    empty: 'Nichts wartet auf eine zweite Person',
  },
});
