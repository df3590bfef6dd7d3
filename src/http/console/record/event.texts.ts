import { translations } from '../languages.js';
import type { RemedyKind } from './remedies.js';

type RemedyTexts = Readonly<
  Record<RemedyKind, (subject: string) => readonly [button: string, effect: string]>
>;

const englishRemedies: RemedyTexts = {
  allowAddress: (address) => [
    `Allow ${address}`,
    `Every access key that has no addresses of its own may then be used from ${address}. It counts on every node.`,
  ],
  switchOnForRoot: () => ['Switch the API on', 'Access keys of the root user may then be used.'],
  switchOnForAll: () => ['Switch the API on for all users', 'Access keys of all users may then be used.'],
  unsuspendKey: (id) => [`Unsuspend the key ${id}`, 'It may then be used again as before.'],
  unsuspendUser: (user) => [`Unsuspend ${user}`, `All keys of ${user} count again, and ${user} may log in.`],
  setRoles: (roles) => [
    'Give the key the missing role',
    `The key then has these roles: ${roles}. It may run every command that they list.`,
  ],
  setAddresses: (list) => [
    'Allow the address for this key',
    list === 'any'
      ? 'The key may then be used from every address that API_ALLOWED_IP lets in.'
      : `The key may then be used from: ${list}.`,
  ],
  setEnd: (life) => ['Give the key a later end', `It then ends ${life} from now.`],
};

const germanRemedies: RemedyTexts = {
  allowAddress: (address) => [
    `${address} zulassen`,
    `Jeder Zugriffsschlüssel ohne eigene Adressen gilt dann auch von ${address} aus, auf jedem Knoten.`,
  ],
  switchOnForRoot: () => ['API einschalten', 'Zugriffsschlüssel des Root-Benutzers gelten dann.'],
  switchOnForAll: () => [
    'API für alle Benutzer einschalten',
    'Zugriffsschlüssel aller Benutzer gelten dann.',
  ],
  unsuspendKey: (id) => [`Schlüssel ${id} entsperren`, 'Er gilt dann wieder wie zuvor.'],
  unsuspendUser: (user) => [
    `${user} entsperren`,
    `Alle Schlüssel von ${user} gelten wieder, und ${user} darf sich anmelden.`,
  ],
  setRoles: (roles) => [
    'Dem Schlüssel die fehlende Rolle geben',
    `Der Schlüssel hat dann diese Rollen: ${roles}. Er darf jeden Befehl ausführen, den sie nennen.`,
  ],
  setAddresses: (list) => [
    'Die Adresse für diesen Schlüssel zulassen',
    list === 'any'
      ? 'Der Schlüssel gilt dann von jeder Adresse aus, die API_ALLOWED_IP hereinlässt.'
      : `Der Schlüssel gilt dann von: ${list}.`,
  ],
  setEnd: (life) => ['Dem Schlüssel ein späteres Ende geben', `Er endet dann ${life} von jetzt an.`],
};

/** Of one event and its explanation. */
export const eventTexts = translations({
  en: {
    title: (number: number) => `Event ${String(number)}`,
    back: 'All events',
    facts: {
      time: 'Time',
      type: 'Kind of event',
      outcome: 'Outcome',
      who: 'Who',
      address: 'From',
      command: 'Command',
      args: 'Arguments',
      code: 'Return code',
      target: 'About',
      note: 'Note',
      trial: 'On trial',
      count: 'Stands for',
      id: 'Event ID',
    },
    attempts: (count: number) => `${String(count)} attempts within a second`,
    wouldAllow: 'would be allowed as well',
    wouldDeny: (reason: string) => `would be denied: ${reason}`,
    masked: 'Arguments that may be secret are masked.',
    whatItMeans: 'What it means',
    whatToDo: 'What to do',
    why: 'Why?',
    ofNow: 'The same request, asked again on the facts of now, assuming the right secret.',
    allowedNow: 'It would be allowed now.',
    dependsNow: 'It would be allowed or denied now, depending on what the event does not say.',
    deniedNow: 'It would be denied now.',
    columns: {
      step: 'Step',
      state: 'Result',
      why: 'Why',
      source: 'Where it stands',
    },
    states: { ok: 'ok', denied: 'denied', 'not asked': 'not asked', 'not reached': 'not reached' },
    remedy: 'What would allow it',
    confirm: 'Yes, do it',
    changed: 'Something has changed since you opened this page. Look at the explanation again.',
    remedies: englishRemedies,
  },
  de: {
    title: (number: number) => `Ereignis ${String(number)}`,
    back: 'Alle Ereignisse',
    facts: {
      time: 'Zeit',
      type: 'Art des Ereignisses',
      outcome: 'Ausgang',
      who: 'Wer',
      address: 'Von',
      command: 'Befehl',
      args: 'Argumente',
      code: 'Rückgabewert',
      target: 'Betrifft',
      note: 'Vermerk',
      trial: 'Auf Probe',
      count: 'Steht für',
      id: 'ID des Ereignisses',
    },
    attempts: (count: number) => `${String(count)} Versuche innerhalb einer Sekunde`,
    wouldAllow: 'würde ebenfalls erlaubt',
    wouldDeny: (reason: string) => `würde abgelehnt: ${reason}`,
    masked: 'Argumente, die geheim sein können, sind unkenntlich gemacht.',
    whatItMeans: 'Was es bedeutet',
    whatToDo: 'Was zu tun ist',
    why: 'Warum?',
    ofNow:
      'Dieselbe Anfrage, noch einmal gefragt nach dem Stand von jetzt, das richtige Geheimnis vorausgesetzt.',
    allowedNow: 'Jetzt würde sie erlaubt.',
    dependsNow: 'Jetzt hängt es von dem ab, was im Ereignis nicht steht, ob sie erlaubt würde.',
    deniedNow: 'Jetzt würde sie abgelehnt.',
    columns: {
      step: 'Schritt',
      state: 'Ergebnis',
      why: 'Warum',
      source: 'Wo es steht',
    },
    states: {
      ok: 'in Ordnung',
      denied: 'abgelehnt',
      'not asked': 'nicht gefragt',
      'not reached': 'nicht erreicht',
    },
    remedy: 'Was es erlauben würde',
    confirm: 'Ja, ausführen',
    changed:
      'Seit Sie diese Seite geöffnet haben, hat sich etwas geändert. Sehen Sie sich die Erklärung noch einmal an.',
    remedies: germanRemedies,
  },
});
