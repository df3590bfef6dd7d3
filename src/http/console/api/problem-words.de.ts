import type { ProblemReason } from '../../administration/problem-reasons.js';
import type { GermanPattern } from '../known-problems.de.js';
import { germanReasons } from '../record/reasons.de.js';

type OwnReason = Exclude<ProblemReason, keyof typeof germanReasons>;

/** Why REST v1 refused something, in German. A reason that is missing is an error of the compiler. */
const ofReasons: Readonly<Record<OwnReason, string>> = {
  approval_required:
    'Diese Änderung muss eine zweite Person freigeben. Danach schicken Sie dasselbe noch einmal ab.',
  already_created: 'Das wurde schon angelegt, als das Formular zum ersten Mal abgeschickt wurde.',
  already_exists: 'Das gibt es schon.',
  already_suspended: 'Das ist schon gesperrt.',
  bad_gateway: 'Das Panel hinter dem Dienst hat nicht oder nicht richtig geantwortet.',
  body_too_large: 'Das ist mehr, als auf einmal gesendet werden darf.',
  changed_meanwhile:
    'Das wurde inzwischen geändert. Laden Sie die Seite neu, und versuchen Sie es noch einmal.',
  command_failed: 'Der Befehl ist fehlgeschlagen. Das Log des Dienstes hat mehr dazu.',
  command_missing_here: 'Diesen Befehl gibt es hier nicht.',
  credentials_refused: 'Benutzer und Passwort, oder der Link, wurden nicht angenommen.',
  forbidden: 'Das dürfen Sie nicht.',
  insecure_transport: 'Anmelden kann man sich nur über HTTPS oder auf demselben Rechner.',
  invalid_input: 'Die Angaben wurden nicht angenommen.',
  limit_reached: 'Die Höchstzahl ist erreicht.',
  method_not_allowed: 'Das geht auf diesem Weg nicht.',
  not_found: 'Das gibt es nicht, oder nicht mehr.',
  not_suspended: 'Das ist nicht gesperrt.',
  role_file_broken: 'Die Datei der API-Rolle ist beschädigt.',
  server_error: 'Der Dienst konnte die Anfrage nicht beantworten. Sein Log hat den Grund.',
  session_required: 'Dafür müssen Sie angemeldet sein.',
  two_credentials: 'Die Anfrage hatte zwei verschiedene Zugangsdaten.',
  unreadable_request: 'Die Anfrage konnte nicht gelesen werden.',
  unsupported_media_type: 'In dieser Form nimmt der Dienst keine Anfragen an.',
  wrong_password: 'Das Passwort ist falsch.',
};

/** What a field has to be, by the name that REST v1 has for it. */
const ofFields: Readonly<Record<string, string>> = {
  accessKeyId: 'Erwartet wird die ID eines Zugriffsschlüssels: 20 Buchstaben und Ziffern.',
  address: 'Erwartet wird eine Adresse oder ein Bereich, zum Beispiel 203.0.113.0/24.',
  allowedAddresses:
    'Erwartet werden Adressen und Bereiche, zum Beispiel 203.0.113.9 oder 2001:db8::/64; höchstens 64.',
  clientAddress: 'Erwartet wird eine IP-Adresse.',
  command: 'Erwartet wird ein Befehl, zum Beispiel v-list-users.',
  commands: 'Erwartet werden Befehlsnamen, zum Beispiel v-list-users.',
  comment: 'Erwartet wird eine Zeile mit höchstens 200 Zeichen.',
  cursor: 'Diese Seite der Liste gibt es nicht mehr. Beginnen Sie auf der ersten.',
  email: 'Erwartet wird eine E-Mail-Adresse.',
  expiresAt: 'Erwartet wird ein Tag in der Zukunft.',
  expiresIn: 'Erwartet wird eine Dauer, zum Beispiel 90d.',
  name: 'Erwartet wird ein Name aus Buchstaben, Ziffern, „-“ und „_“.',
  only: 'Erwartet werden Argumente mit ihren Werten, zum Beispiel DOMAIN=example.com,*.example.org.',
  overlap: 'Erwartet wird eine Dauer, zum Beispiel 24h.',
  password: 'Erwartet wird ein Passwort ohne Steuerzeichen.',
  permission: 'Erwartet wird der Name einer API-Rolle.',
  permissions: 'Erwartet werden Namen von API-Rollen.',
  quota: 'Erwartet werden Anfragen je Tag, Woche oder Monat: 500/day, 2000/week oder 10000/month.',
  rateLimit: 'Erwartet werden Anfragen je Sekunde, Minute oder Stunde: 5/s, 120/min oder 1000/h.',
  secrets:
    'Erwartet werden Geheimnisse mit 40 Zeichen, ID:GEHEIMNIS oder alte API-Schlüssel mit 32 Zeichen; höchstens 500.',
  since: 'Erwartet wird ein Zeitpunkt.',
  until: 'Erwartet wird ein Zeitpunkt.',
  user: 'Erwartet wird der Name eines Benutzers.',
};

/** Refusals that no field is to blame for, and that a form can meet. */
export const knownDetails: readonly GermanPattern[] = [
  [
    /^a second person has to approve this change: v-approve-change (\w+)\. Then run the same again, within 24 hours$/,
    'Diese Änderung muss eine zweite Person freigeben: v-approve-change $1, oder auf der Seite „Freigaben“. Danach schicken Sie dasselbe innerhalb von 24 Stunden noch einmal ab.',
  ],
  [
    /^with HEARTHKEY_APPROVALS=2 beside a panel, which has the passwords, this is done at the command line$/,
    'Mit HEARTHKEY_APPROVALS=2 geht das neben einem Panel, das die Passwörter hat, nur auf der Kommandozeile.',
  ],
  [
    /^(\w+) changes of (\S+) wait for a second person: v-reject-change takes one back$/,
    'Von $2 warten schon $1 Änderungen auf eine zweite Person: Nehmen Sie eine davon zurück.',
  ],
  [/^the approval doesn't exist$/, 'Diese Freigabe gibt es nicht, oder nicht mehr.'],
  [/^approval (\S+) doesn't exist$/, 'Eine Freigabe $1 gibt es nicht, oder nicht mehr.'],
  [
    /^(\S+) has asked for this change: another person has to approve it$/,
    '$1 hat diese Änderung gewünscht: Eine andere Person muss sie freigeben.',
  ],
  [/^(\S+) has approved this change already$/, '$1 hat diese Änderung schon freigegeben.'],
  [
    /^only the root user and administrators approve changes$/,
    'Nur der Root-Benutzer und Administratoren geben Änderungen frei.',
  ],
  [/^user (\S+) doesn't exist$/, 'Einen Benutzer $1 gibt es nicht.'],
  [/^API (\S+) doesn't exist$/, 'Eine API-Rolle $1 gibt es nicht.'],
  [/^trial of key (\S+) doesn't exist$/, 'Eine Probe des Schlüssels $1 gibt es nicht.'],
  [/^(?:access )?key (\S+) doesn't exist$/, 'Einen Zugriffsschlüssel $1 gibt es nicht.'],
  [/^user (\S+) already exists$/, 'Einen Benutzer $1 gibt es schon.'],
  [/^API (\S+) already exists$/, 'Eine API-Rolle $1 gibt es schon.'],
  [/^key (\S+) is already suspended$/, 'Der Zugriffsschlüssel $1 ist schon gesperrt.'],
  [/^key (\S+) is not suspended$/, 'Der Zugriffsschlüssel $1 ist nicht gesperrt.'],
  [/^user (\S+) is already suspended$/, 'Der Benutzer $1 ist schon gesperrt.'],
  [/^user (\S+) is not suspended$/, 'Der Benutzer $1 ist nicht gesperrt.'],
  [/^expiresAt has passed$/, 'Das Ende liegt in der Vergangenheit.'],
  [/^a key has to expire here/, 'Hier muss jeder Zugriffsschlüssel ein Ende haben.'],
  [/^a key can live for (\S+) at most here$/, 'Ein Zugriffsschlüssel gilt hier höchstens $1.'],
  [
    /^user (\S+) has (\d+) keys, as many as a user can have here$/,
    'Der Benutzer $1 hat $2 Schlüssel, und mehr darf er nicht haben.',
  ],
  [/^Only the admin can run this API$/, 'Diese API-Rolle dürfen nur Schlüssel des Root-Benutzers haben.'],
  [
    /^Non-admin users need a permission list$/,
    'Schlüssel anderer Benutzer brauchen mindestens eine API-Rolle.',
  ],
  [/^a key can have at most (\d+) addresses$/, 'Ein Schlüssel kann höchstens $1 Adressen haben.'],
  [/^(\S+) is in safe but not in commands$/, '$1 steht in SAFE, aber nicht unter den Befehlen.'],
  [/^no command has an argument ([A-Z0-9_]+)/, 'Kein Befehl hat ein Argument $1.'],
  [/^(\S+) can not be held to (\S+):/, '$1 kann nicht auf $2 beschränkt werden.'],
  [/^the panel takes (\S+) for (\S+):/, 'Das Panel nimmt $1 als $2: Nennen Sie $2.'],
  [
    /^the file of API (\S+) can't be read: say what arguments are held to \(ONLY\), or none$/,
    'Die Datei der API $1 lässt sich nicht lesen: Sagen Sie unter ONLY, was die Argumente sein dürfen, oder none.',
  ],
  [
    /^API (\S+) is built in and has no file: choose another name$/,
    'Die API $1 ist eingebaut und hat keine Datei: Wählen Sie einen anderen Namen.',
  ],
  [
    /^with (\d+) access keys at most (\d+) secrets without an ID are looked for at once/,
    'Bei $1 Zugriffsschlüsseln werden höchstens $2 Geheimnisse ohne ID auf einmal gesucht: Senden Sie weniger, oder ID:GEHEIMNIS.',
  ],
  [
    /^(\d+) legacy keys were not used since the pepper was replaced: at most (\d+) /,
    'Alte API-Schlüssel, die seit dem Tausch des Peppers nicht benutzt wurden: $1. Höchstens $2 unbekannte werden auf einmal mit ihnen verglichen.',
  ],
  [/^the root user can not be /, 'Mit dem Root-Benutzer geht das nicht.'],
];

/** What REST v1 says of a refusal, in German: of the detail where it is known, else of the reason. */
export function germanDetail(reason: string, detail: string): string {
  for (const [pattern, german] of knownDetails)
    if (pattern.test(detail)) return detail.replace(new RegExp(`${pattern.source}.*`), german);
  if (Object.hasOwn(ofReasons, reason)) return ofReasons[reason as OwnReason];
  if (Object.hasOwn(germanReasons, reason)) return germanReasons[reason as keyof typeof germanReasons][1];
  return 'Der Dienst hat das abgelehnt.';
}

/** @param field - an entry of a list is `permissions.0` */
export function germanMessage(field: string): string {
  const [name = ''] = field.split('.');
  return (Object.hasOwn(ofFields, name) && ofFields[name]) || 'Dieser Wert wird nicht angenommen.';
}
