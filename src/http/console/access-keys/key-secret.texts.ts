import { translations } from '../languages.js';

/** Of the one page that shows a secret. */
export const keySecretTexts = translations({
  en: {
    madeTitle: 'The access key is ready',
    rotatedTitle: 'The access key has a new secret',
    once: 'The secret is shown on this page and never again. Copy it to where the program keeps its secrets before you leave.',
    mayDo: 'What it may do',
    id: 'Access key ID',
    secret: 'Secret access key',
    env: 'Settings for a program (.env)',
    download: 'Download as .env',
    curl: 'Try it with curl',
    curlHint: 'The answer says whose key it is and which commands it may run.',
    php: 'The same with PHP, where the settings above are in the environment',
    command: (command: string) => `Run a command: ${command}`,
    addresses: 'The program must call from an address that may call at all.',
    callers: 'See who may call',
    taken: 'I have the secret: go on to the key',
    oldUntil: 'The old secret counts as well until',
    oldEnded: 'No node accepts the old secret any more.',
    already: 'This form has done its work already',
    alreadyMade:
      'The key was made when the form was sent first, and its secret was shown then. This page cannot show it again. If you don’t have it, give the key a new secret, or delete the key.',
    alreadyRotated:
      'The key got its new secret when the form was sent first, and the secret was shown then. This page cannot show it again. If you don’t have it, open the form anew and give the key another secret.',
    toKey: 'Open the key',
    rotate: 'New secret',
  },
  de: {
    madeTitle: 'Der Zugriffsschlüssel ist bereit',
    rotatedTitle: 'Der Zugriffsschlüssel hat ein neues Geheimnis',
    once: 'Das Geheimnis steht auf dieser Seite und danach nirgends mehr. Kopieren Sie es dorthin, wo das Programm seine Geheimnisse aufbewahrt, bevor Sie die Seite verlassen.',
    mayDo: 'Was er darf',
    id: 'ID des Zugriffsschlüssels',
    secret: 'Geheimnis',
    env: 'Einstellungen für ein Programm (.env)',
    download: 'Als .env herunterladen',
    curl: 'Mit curl ausprobieren',
    curlHint: 'Die Antwort nennt den Benutzer des Schlüssels und die Befehle, die er ausführen darf.',
    php: 'Dasselbe mit PHP, wenn die Einstellungen oben in der Umgebung stehen',
    command: (command: string) => `Einen Befehl ausführen: ${command}`,
    addresses: 'Das Programm muss von einer Adresse aus anfragen, die überhaupt zugreifen darf.',
    callers: 'Wer zugreifen darf',
    taken: 'Ich habe das Geheimnis: weiter zum Schlüssel',
    oldUntil: 'Das alte Geheimnis gilt daneben noch bis',
    oldEnded: 'Das alte Geheimnis nimmt kein Knoten mehr an.',
    already: 'Dieses Formular hat seine Arbeit schon getan',
    alreadyMade:
      'Der Schlüssel wurde erzeugt, als das Formular zum ersten Mal abgeschickt wurde. Sein Geheimnis stand auf der Seite danach, und diese Seite kann es nicht noch einmal zeigen. Wenn Sie es nicht haben, geben Sie dem Schlüssel ein neues Geheimnis, oder löschen Sie ihn.',
    alreadyRotated:
      'Der Schlüssel hat sein neues Geheimnis bekommen, als das Formular zum ersten Mal abgeschickt wurde. Es stand auf der Seite danach, und diese Seite kann es nicht noch einmal zeigen. Wenn Sie es nicht haben, öffnen Sie das Formular neu, und geben Sie dem Schlüssel noch ein Geheimnis.',
    toKey: 'Schlüssel öffnen',
    rotate: 'Neues Geheimnis',
  },
});
