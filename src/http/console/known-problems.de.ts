/** An English sentence of the service, and the German one; `$1` is what its first group has found. */
export type GermanPattern = readonly [english: RegExp, german: string];

/**
 * What is wrong with a role file, or with who may write a command, in German. These come as one text that other
 * sentences have in them.
 */
export const knownProblems: readonly GermanPattern[] = [
  [/^is being written$/, 'sie wird gerade geschrieben'],
  [/^can't be read: (.+)$/, 'sie lässt sich nicht lesen ($1)'],
  [/^longer than (\d+) characters$/, 'sie ist länger als $1 Zeichen'],
  [/^ROLE is neither 'admin' nor 'user'$/, 'ROLE ist weder „admin“ noch „user“'],
  [/^line (\d+): expected NAME='value'$/, "Zeile $1: erwartet wird NAME='Wert'"],
  [
    /^line (\d+): (.*) is not ROLE, COMMANDS, SAFE or ONLY$/,
    'Zeile $1: $2 ist weder ROLE, COMMANDS, SAFE noch ONLY',
  ],
  [/^ONLY: (.*)$/, 'ONLY: $1'],
  [
    /^has the name of an API that is built in: rename it$/,
    'sie hat den Namen einer eingebauten API: Benennen Sie sie um',
  ],
  [
    /^was removed by hand: v-delete-api read-only lets the API that is built in count$/,
    'sie wurde von Hand entfernt: Nach v-delete-api read-only gilt die eingebaute API',
  ],
  [
    /^is in the database that the nodes share, not here: v-delete-api read-only lets the API that is built in count$/,
    'sie ist in der gemeinsamen Datenbank und nicht hier: Nach v-delete-api read-only gilt die eingebaute API',
  ],
  [/^line (\d+): (.*) stands there twice$/, 'Zeile $1: $2 steht zweimal da'],
  [
    /^is ignored: that is no name of an API .*$/,
    'wird nicht beachtet: Das ist kein Name einer API (Buchstaben, Ziffern, _ und -, höchstens 64)',
  ],
  [/^is ignored: it is a directory$/, 'wird nicht beachtet: Es ist ein Verzeichnis'],
  [/^is ignored: it is no regular file$/, 'wird nicht beachtet: Es ist keine gewöhnliche Datei'],
  [/^is ignored: it is a link to nothing$/, 'wird nicht beachtet: Es ist ein Link ins Leere'],
  [/^is ignored: it can't be looked at \((.+)\)$/, 'wird nicht beachtet: Sie lässt sich nicht ansehen ($1)'],
  [/^grants nothing: it has neither ROLE nor COMMANDS$/, 'erlaubt nichts: ROLE und COMMANDS fehlen'],
  [/^grants nothing: it has no COMMANDS$/, 'erlaubt nichts: COMMANDS fehlt'],
  [
    /^grants nothing: no item of COMMANDS is the name of a command$/,
    'erlaubt nichts: Kein Eintrag von COMMANDS ist ein Befehlsname',
  ],
  [
    /^grants nothing to the keys of users: it has no ROLE$/,
    'erlaubt den Schlüsseln der Benutzer nichts: ROLE fehlt',
  ],
  [
    /^is not in the database that the nodes share$/,
    'sie steht nicht in der Datenbank, die sich die Knoten teilen',
  ],
  [
    /^is in the database, but in no file of this node$/,
    'steht in der Datenbank, aber in keiner Datei dieses Knotens',
  ],
  [
    /^is in a file of this node, but not in the database$/,
    'steht in einer Datei dieses Knotens, aber nicht in der Datenbank',
  ],
  [
    /^differs between this node's file and the database$/,
    'Datei dieses Knotens und Datenbank unterscheiden sich',
  ],
  [/^(.+) has too many links on it$/, 'auf dem Weg zu $1 liegen zu viele Links'],
  [/^(.+) can be written by everybody$/, 'in $1 darf jeder schreiben'],
  [/^(.+) belongs to user (\d+), not to root$/, '$1 gehört dem Benutzer $2, nicht root'],
  [/^(.+) can be written by group (\d+)$/, 'in $1 darf die Gruppe $2 schreiben'],
];

/** @returns the text itself where it is none of them */
export function germanProblem(text: string): string {
  for (const [pattern, german] of knownProblems) if (pattern.test(text)) return text.replace(pattern, german);
  return text;
}
