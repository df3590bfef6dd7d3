import { translations } from '../languages.js';

/** Of the fields of a key: where it is made, and where it is changed. */
export const keyFormTexts = translations({
  en: {
    newTitle: 'New access key',
    changeTitle: 'Change access key',
    make: 'Make the key',
    user: 'User',
    userHint: 'The key acts for this user. A key of the root user may act for all users.',
    mayDo: 'What it may do',
    mayDoHint:
      'Each API role is a list of commands. The key may run the commands of all roles that you choose.',
    searchRoles: 'Search roles and commands',
    commands: (count: number) => (count === 1 ? '1 command' : `${String(count)} commands`),
    ofRootUser: 'for keys of the root user and of administrators',
    broken: 'The file is broken and grants nothing',
    noRoles: 'There is no API role that this key could have.',
    missingRole: 'This role does not exist any more. It grants nothing.',
    everything: 'Everything: every command, for all users',
    everythingWarning:
      'A program with such a key can do whatever you can: delete users, make more keys, let everybody in. Anybody who gets its secret can do so as well. Choose API roles where you can.',
    chooseRoles: 'Choose at least one API role, or say that the key may do everything.',
    everythingOrRoles: 'Choose API roles or everything, not both.',
    comment: 'Comment',
    commentHint:
      'What uses the key and where, such as “Billing on web1”. It helps when you look for the key later.',
    end: 'End',
    endHint: 'No node accepts the key from then on.',
    ends: {
      keep: 'As it is now',
      never: 'Never',
      '30d': 'In 30 days',
      '90d': 'In 90 days',
      '365d': 'In 365 days',
      date: 'After a day:',
    },
    endDay: 'Last day',
    endDayHint: 'With “After a day”. It counts to the end of it (UTC).',
    chooseDay: 'Choose the last day.',
    addresses: 'Allowed addresses',
    addressesHint:
      'Where requests with the key may come from: addresses and ranges, one on each line, such as 203.0.113.9 or 2001:db8::/64. Empty: any address that may call at all.',
    rateLimit: 'Rate limit',
    rateLimitHint:
      'The most requests in a second, a minute or an hour: 5/s, 120/min or 1000/h. Empty: no limit of its own.',
    quota: 'Quota',
    quotaHint:
      'The most allowed requests in a day, a week from Monday, or a month of the calendar (UTC): 500/day, 2000/week or 10000/month. Empty: no quota of its own.',
    only: 'Held to arguments',
    onlyHint:
      'What an argument of the commands may be, one name on each line, such as DOMAIN=example.com,*.example.org. A command without such an argument is denied, unless its role has it in SAFE. Empty: whatever the arguments are.',
    canary:
      'A canary: the key allows nothing, looks like any other, and its use is an alert. Leave it where nobody should look.',
    summary: 'In one sentence',
    changedMeanwhile:
      'Somebody else has changed this key since you opened the form. Nothing was saved. Open the form anew to see the key as it is now.',
    openAnew: 'Open the form anew',
  },
  de: {
    newTitle: 'Neuer Zugriffsschlüssel',
    changeTitle: 'Zugriffsschlüssel ändern',
    make: 'Schlüssel erzeugen',
    user: 'Benutzer',
    userHint:
      'Der Schlüssel handelt für diesen Benutzer. Ein Schlüssel des Root-Benutzers kann für alle Benutzer handeln.',
    mayDo: 'Was er darf',
    mayDoHint:
      'Jede API-Rolle ist eine Liste von Befehlen. Der Schlüssel darf die Befehle aller Rollen ausführen, die Sie auswählen.',
    searchRoles: 'Rollen und Befehle suchen',
    commands: (count: number) => (count === 1 ? '1 Befehl' : `${String(count)} Befehle`),
    ofRootUser: 'für Schlüssel des Root-Benutzers und von Administratoren',
    broken: 'Die Datei ist beschädigt und erlaubt nichts',
    noRoles: 'Es gibt keine API-Rolle, die dieser Schlüssel haben könnte.',
    missingRole: 'Diese Rolle gibt es nicht mehr. Sie erlaubt nichts.',
    everything: 'Alles: jeden Befehl, für alle Benutzer',
    everythingWarning:
      'Ein Programm mit einem solchen Schlüssel kann alles, was Sie können: Benutzer löschen, weitere Schlüssel erzeugen, jedem Zugriff geben. Wer sein Geheimnis bekommt, kann das auch. Wählen Sie nach Möglichkeit API-Rollen.',
    chooseRoles: 'Wählen Sie mindestens eine API-Rolle, oder erlauben Sie dem Schlüssel ausdrücklich alles.',
    everythingOrRoles: 'Wählen Sie API-Rollen oder alles, nicht beides.',
    comment: 'Kommentar',
    commentHint:
      'Was den Schlüssel wo benutzt, zum Beispiel „Abrechnung auf web1“. Das hilft, wenn Sie ihn später suchen.',
    end: 'Ende',
    endHint: 'Ab dann nimmt kein Knoten den Schlüssel mehr an.',
    ends: {
      keep: 'Wie bisher',
      never: 'Nie',
      '30d': 'In 30 Tagen',
      '90d': 'In 90 Tagen',
      '365d': 'In 365 Tagen',
      date: 'Nach einem Tag:',
    },
    endDay: 'Letzter Tag',
    endDayHint: 'Mit „Nach einem Tag“. Er gilt bis zu dessen Ende (UTC).',
    chooseDay: 'Wählen Sie den letzten Tag.',
    addresses: 'Erlaubte Adressen',
    addressesHint:
      'Woher Anfragen mit dem Schlüssel kommen dürfen: Adressen und Bereiche, je Zeile einer, zum Beispiel 203.0.113.9 oder 2001:db8::/64. Leer: jede Adresse, die überhaupt zugreifen darf.',
    rateLimit: 'Anfragelimit',
    rateLimitHint:
      'Höchstens so viele Anfragen je Sekunde, Minute oder Stunde: 5/s, 120/min oder 1000/h. Leer: kein eigenes Limit.',
    quota: 'Kontingent',
    quotaHint:
      'Höchstens so viele erlaubte Anfragen je Tag, Woche ab Montag oder Monat des Kalenders (UTC): 500/day, 2000/week oder 10000/month. Leer: kein eigenes Kontingent.',
    only: 'Beschränkt auf Argumente',
    onlyHint:
      'Was ein Argument der Befehle sein darf, je Zeile ein Name, zum Beispiel DOMAIN=example.com,*.example.org. Ein Befehl ohne ein solches Argument wird abgelehnt, außer seine Rolle nennt ihn in SAFE. Leer: Die Argumente sind beliebig.',
    canary:
      'Ein Köder: Der Schlüssel erlaubt nichts, sieht für seinen Besitzer aus wie jeder andere, und wer ihn benutzt, löst eine Warnung aus. Legen Sie ihn dorthin, wo niemand suchen sollte.',
    summary: 'In einem Satz',
    changedMeanwhile:
      'Jemand anderes hat diesen Schlüssel geändert, seit Sie das Formular geöffnet haben. Es wurde nichts gespeichert. Öffnen Sie das Formular neu, um den jetzigen Stand zu sehen.',
    openAnew: 'Formular neu öffnen',
  },
});
