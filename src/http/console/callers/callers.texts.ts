import { translations } from '../languages.js';

export const callersTexts = translations({
  en: {
    title: 'Who may call',
    intro:
      'A program is let in when the API is on, when its address is allowed, and when its access key is right. People who log in to this console need none of the first two.',
    from: 'You come from',
    unknownAddress: 'Your address is not known.',
    mayCall: 'Programs at this address may call.',
    mayNotCall: 'Programs at this address may not call.',
    allowMine: 'Allow my address',
    switches: 'Switches',
    accessKeyApi: 'Access keys (API_SYSTEM)',
    accessKeyApiStates: {
      off: ['Off', 'No access key is accepted.'],
      root_user: ['Root user only', 'Only access keys of the root user are accepted.'],
      all_users: ['All users', 'Access keys of all users are accepted.'],
    },
    legacyApi: 'Legacy API (API)',
    legacyApiStates: {
      no: ['Off', 'Legacy keys and the password of the root user are refused. Recommended.'],
      yes: ['On', 'Legacy keys and the password of the root user are accepted. They may run every command.'],
    },
    save: 'Save switches',
    addresses: 'Allowed addresses (API_ALLOWED_IP)',
    nobody: 'Nobody may call',
    nobodyHint: 'Add the address of the first program, or a range.',
    everybody: 'every address',
    delete: (entry: string) => `Delete ${entry}`,
    add: 'Address or range',
    addHint: 'Such as 203.0.113.9, 203.0.113.0/24 or 2001:db8::/64. It counts on every node at once.',
    addButton: 'Allow',
    refused: 'Refused in the last hour',
    refusedNone: 'No address was refused in the last hour.',
    columns: { address: 'Address', count: 'Requests', last: 'Last', action: 'Action' },
    allow: (address: string) => `Allow ${address}`,
    events: (address: string) => `Events of ${address}`,
    questions: {
      deleteOwn: (entry: string) =>
        `You come from an address that only ${entry} allows. Without it, programs at your address are refused. You stay logged in here.`,
      switchOff:
        'With access keys off, every program is refused, those at your address too. You stay logged in here.',
      addAll: (entry: string) =>
        `With ${entry}, programs at every address in the world may try. Access keys alone then protect the panel.`,
    },
    confirm: {
      deleteOwn: 'Delete it all the same',
      switchOff: 'Switch off all the same',
      addAll: 'Allow every address',
    },
    question: 'Please confirm',
  },
  de: {
    title: 'Wer zugreifen darf',
    intro:
      'Ein Programm kommt herein, wenn die API eingeschaltet, seine Adresse zugelassen und sein Zugriffsschlüssel richtig ist. Wer sich an dieser Konsole anmeldet, braucht die ersten beiden nicht.',
    from: 'Sie kommen von',
    unknownAddress: 'Ihre Adresse ist nicht bekannt.',
    mayCall: 'Programme an dieser Adresse dürfen zugreifen.',
    mayNotCall: 'Programme an dieser Adresse dürfen nicht zugreifen.',
    allowMine: 'Meine Adresse zulassen',
    switches: 'Schalter',
    accessKeyApi: 'Zugriffsschlüssel (API_SYSTEM)',
    accessKeyApiStates: {
      off: ['Aus', 'Kein Zugriffsschlüssel wird angenommen.'],
      root_user: ['Nur Root-Benutzer', 'Nur Zugriffsschlüssel des Root-Benutzers werden angenommen.'],
      all_users: ['Alle Benutzer', 'Zugriffsschlüssel aller Benutzer werden angenommen.'],
    },
    legacyApi: 'Alte API (API)',
    legacyApiStates: {
      no: ['Aus', 'Alte API-Schlüssel und das Passwort des Root-Benutzers werden abgelehnt. Empfohlen.'],
      yes: [
        'An',
        'Alte API-Schlüssel und das Passwort des Root-Benutzers werden angenommen. Sie dürfen jeden Befehl ausführen.',
      ],
    },
    save: 'Schalter speichern',
    addresses: 'Zugelassene Adressen (API_ALLOWED_IP)',
    nobody: 'Niemand darf zugreifen',
    nobodyHint: 'Fügen Sie die Adresse des ersten Programms hinzu, oder einen Bereich.',
    everybody: 'jede Adresse',
    delete: (entry: string) => `${entry} löschen`,
    add: 'Adresse oder Bereich',
    addHint: 'Zum Beispiel 203.0.113.9, 203.0.113.0/24 oder 2001:db8::/64. Es gilt sofort auf jedem Knoten.',
    addButton: 'Zulassen',
    refused: 'In der letzten Stunde abgelehnt',
    refusedNone: 'In der letzten Stunde wurde keine Adresse abgelehnt.',
    columns: { address: 'Adresse', count: 'Anfragen', last: 'Zuletzt', action: 'Aktion' },
    allow: (address: string) => `${address} zulassen`,
    events: (address: string) => `Ereignisse von ${address}`,
    questions: {
      deleteOwn: (entry: string) =>
        `Ihre Adresse ist nur durch ${entry} zugelassen. Ohne den Eintrag werden Programme an Ihrer Adresse abgelehnt. Sie selbst bleiben hier angemeldet.`,
      switchOff:
        'Ohne Zugriffsschlüssel wird jedes Programm abgelehnt, auch an Ihrer Adresse. Sie selbst bleiben hier angemeldet.',
      addAll: (entry: string) =>
        `Mit ${entry} dürfen es Programme an jeder Adresse der Welt versuchen. Dann schützen allein die Zugriffsschlüssel das Panel.`,
    },
    confirm: {
      deleteOwn: 'Trotzdem löschen',
      switchOff: 'Trotzdem ausschalten',
      addAll: 'Jede Adresse zulassen',
    },
    question: 'Bitte bestätigen',
  },
});
