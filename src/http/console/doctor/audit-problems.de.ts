import type { GermanPattern } from '../known-problems.de.js';

/**
 * What is wrong with the audit record, its receivers or its witnesses, in German. Texts of the system, such as
 * ECONNREFUSED, have no pattern.
 */
export const auditProblems: readonly GermanPattern[] = [
  [/^this node's identity is not what it was: (.+)$/, 'dieser Knoten ist nicht, wer er war: $1'],
  [/^(.+ is \S+, it was \S+); (.+)$/, '$1; $2'],
  [/^(.+) is (\S+), it was (\S+)$/, '„$1“ ist jetzt „$2“ und war vorher „$3“'],
  [/^chain in the database$/, 'Kette in der Datenbank'],
  [
    /^the database had a signed head of number (\d+), now it has one of (\d+): it went back, or rows were removed$/,
    'die Datenbank hatte einen signierten Kopf der Nummer $1 und hat jetzt einen der Nummer $2: Sie ging zurück, oder Zeilen wurden entfernt',
  ],
  [
    /^the database knows this record up to number (\d+), this node only up to (\d+): the node went back in time, or another one uses its identity$/,
    'die Datenbank kennt dieses Protokoll bis Nummer $1, dieser Knoten nur bis $2: Der Knoten wurde zurückgesetzt, oder ein anderer benutzt seine Identität',
  ],
  [
    /^lines of the record are gone: it ends with number (\d+), number (\d+) was written \(.+\)$/,
    'Zeilen des Protokolls fehlen: Es endet mit Nummer $1, geschrieben war Nummer $2 (nach einem Stromausfall kann bis zu einer Sekunde fehlen)',
  ],
  [
    /^the record is not what was written: behind number (\d+) stand lines that this node did not write, or lines before it were replaced$/,
    'das Protokoll ist nicht, was geschrieben wurde: Hinter Nummer $1 stehen Zeilen, die dieser Knoten nicht geschrieben hat, oder Zeilen davor wurden ersetzt',
  ],
  [
    /^the record ends with number (\d+), the database knows it up to number (\d+)$/,
    'das Protokoll endet mit Nummer $1, die Datenbank kennt es bis Nummer $2',
  ],
  [
    /^the audit key (\S+) is missing: .+$/,
    'der Protokollschlüssel $1 fehlte: Ein neuer wurde angelegt; frühere Zeilen lassen sich ohne den alten nicht prüfen',
  ],
  [
    /^the audit key (\S+) is not the one that this record was written with; .+$/,
    'mit dem Protokollschlüssel $1 wurde dieses Protokoll nicht geschrieben; frühere Zeilen lassen sich mit ihm nicht prüfen',
  ],
  [
    /^the head that was kept beside the audit key (\S+) is missing: lines may have been cut unseen$/,
    'der Kopf neben dem Protokollschlüssel $1 fehlt: Zeilen können unbemerkt abgeschnitten worden sein',
  ],
  [
    /^somebody else changed the record while the service ran: its file ended with number (\d+), number (\d+) was written$/,
    'jemand anders hat das Protokoll geändert, während der Dienst lief: Seine Datei endete mit Nummer $1, geschrieben war Nummer $2',
  ],
  [
    /^the signed head of the tree or its tiles were missing or altered; they are made anew from the lines$/,
    'der signierte Kopf des Baums oder seine Kacheln fehlten oder waren geändert; sie werden aus den Zeilen neu erstellt',
  ],
  [
    /^number (\d+) of the audit record is missing or not what was written$/,
    'Nummer $1 des Protokolls fehlt oder ist nicht, was geschrieben wurde',
  ],
  [/^(.+): a new tree begins$/, '$1; ein neuer Baum beginnt'],
  [
    /^(\S+) can't be read, and may hold lines that are missing: (.+)$/,
    '$1 lässt sich nicht lesen und hat vielleicht Zeilen, die fehlen: $2',
  ],
  [
    /^the clock is not trusted for 24 hours: .+$/,
    'der Uhr wird 24 Stunden lang nicht vertraut: Sie sprang um mehr als eine Stunde vor, oder das neueste Ereignis beim Start war nicht vom letzten Tag',
  ],
  [
    /^the first line of (\S+) is not what this node wrote$/,
    'die erste Zeile von $1 ist nicht, was dieser Knoten geschrieben hat',
  ],
  [/^(\S+) has not acknowledged events (\d+) to (\d+)$/, '$1 hat die Ereignisse $2 bis $3 nicht bestätigt'],
  [
    /^the closed files are larger than HEARTHKEY_AUDIT_KEEP_SIZE only with lines that this node did not write with its audit key; .+$/,
    'die geschlossenen Dateien sind nur mit Zeilen größer als HEARTHKEY_AUDIT_KEEP_SIZE, die dieser Knoten nicht mit seinem Protokollschlüssel geschrieben hat; Zeilen von vor dem Schlüssel zählen nicht',
  ],
  [
    /^the tiles in (\S+) don't give what was signed: v-verify-audit makes them anew$/,
    'die Kacheln in $1 ergeben nicht, was signiert wurde: v-verify-audit erstellt sie neu',
  ],
  [/^the tile (\S+) is missing$/, 'die Kachel $1 fehlt'],
  [/^the receiver answered with status (\d+)$/, 'der Empfänger antwortete mit Status $1'],
  [
    /^the receiver closed the connection without an answer$/,
    'der Empfänger schloss die Verbindung, ohne zu antworten',
  ],
  [/^the receiver keeps still for too long$/, 'der Empfänger antwortet zu lange nicht'],
  [
    /^the receiver closed the connection before the end of the batch$/,
    'der Empfänger schloss die Verbindung vor dem Ende der Sendung',
  ],
  [
    /^the name of the receiver leads to a link-local address$/,
    'der Name des Empfängers führt zu einer Link-Local-Adresse',
  ],
  [
    /^the name of the receiver leads to an address that is not public$/,
    'der Name des Empfängers führt zu einer Adresse, die nicht öffentlich ist',
  ],
  [
    /^the certificate of the receiver is for another name$/,
    'das Zertifikat des Empfängers gilt für einen anderen Namen',
  ],
  [/^the mail server refuses (.+) with code (\d+)$/, 'der Mailserver lehnt $1 mit Code $2 ab'],
  [/^the connection$/, 'die Verbindung'],
  [/^the sender$/, 'den Absender'],
  [/^the recipients$/, 'die Empfänger'],
  [/^the mail$/, 'die Nachricht'],
  [/^the password$/, 'die Anmeldung'],
  [/^the mail server does not answer as one$/, 'der Mailserver antwortet nicht wie einer'],
  [/^the mail server does not take mail to (.+)$/, 'der Mailserver nimmt keine Nachrichten an $1 an'],
  [/^event (\d+) and those after it can't be read$/, 'Ereignis $1 und die folgenden lassen sich nicht lesen'],
  [
    /^could not be told of the newest head: (.+)$/,
    'den neuesten Kopf konnte der Dienst ihm nicht mitteilen: $1',
  ],
  [/^it answered (\d+)$/, 'er antwortete mit Status $1'],
  [/^its answer is too long$/, 'seine Antwort ist zu lang'],
  [
    /^the node (\S+) has another audit key than before: (\S+), it was (\S+)$/,
    'der Knoten $1 hat einen anderen Protokollschlüssel als zuvor: $2, vorher $3',
  ],
  [
    /^a head of (\S+) in the database is not signed with the key of the node (\S+)$/,
    'ein Kopf von $1 in der Datenbank ist nicht mit dem Schlüssel des Knotens $2 signiert',
  ],
  [
    /^the head of (\S+) of the node (\S+) is gone from the database$/,
    'der Kopf von $1 des Knotens $2 steht nicht mehr in der Datenbank',
  ],
  [/^the record of the node (\S+) (.+)$/, 'das Protokoll des Knotens $1 $2'],
  [/^went back: it had (\d+) events, now (\d+)$/, 'ging zurück: Es hatte $1 Ereignisse, jetzt $2'],
  [/^has two heads of the same size$/, 'hat zwei Köpfe derselben Größe'],
  [
    /^has a head of (\d+) events that is not shown to go on from the one of (\d+)$/,
    'hat einen Kopf von $1 Ereignissen, der nicht nachweislich auf dem von $2 aufbaut',
  ],
  [/^audit witness (.+)$/, 'Zeuge des Protokolls: $1'],
  [/^audit records of other nodes$/, 'Protokolle anderer Knoten'],
];

/**
 * What a text has inserted is translated, too.
 *
 * @returns the text itself where it is none of them
 */
export function germanAuditProblem(text: string): string {
  for (const [pattern, german] of auditProblems) {
    const found = pattern.exec(text);
    if (found !== null)
      return german.replace(/\$(\d)/g, (_, index: string) => germanAuditProblem(found[Number(index)] ?? ''));
  }
  return text;
}
