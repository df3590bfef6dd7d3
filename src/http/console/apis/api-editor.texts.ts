import { translations } from '../languages.js';

/** Of the editor of an API role. */
export const apiEditorTexts = translations({
  en: {
    newTitle: 'New API role',
    changeTitle: (name: string) => `Change the API role ${name}`,
    name: 'Name',
    nameHint: 'Letters, digits, - and _, such as “mail-reader”. It cannot be changed later.',
    from: 'Ready-made for a client',
    fromHint: 'The commands that this client sends, in place of all that is chosen below.',
    fromNone: 'No: choose the commands below',
    role: 'For',
    roles: {
      user: 'Keys of all users. A key reaches the things of its own user only.',
      admin:
        'Keys of the root user and of administrators. They reach the things of all users; those of administrators never what is the root user’s.',
    },
    chooseRole: 'Choose whose keys the role is for.',
    commands: 'Commands',
    search: 'Search commands by name or description',
    chosen: 'Chosen',
    others: 'others',
    further: 'Further commands',
    furtherHint:
      'Commands that this service does not know, such as those of a panel behind a gateway. One on each line.',
    only: 'ONLY',
    onlyHint:
      'What an argument of the commands may be, one name on each line, such as DOMAIN=example.com,*.example.org. A command without such an argument is denied, unless it is SAFE. Empty: whatever the arguments are.',
    safe: 'SAFE',
    safeOf: (command: string) => `${command} is SAFE`,
    safeTitle: 'What SAFE means',
    safeHint:
      'A key of another user than the root user may only run a command that names its own user, so that it reaches nothing of others. A command that names no user is refused, unless you mark it as SAFE. Then such keys run it with any arguments that they like. Mark a command only if nothing it shows or changes belongs to another user or to the server.',
    save: 'Save',
    make: 'Make the role',
    preview: 'See what it changes',
    changedMeanwhile:
      'Somebody else has changed this role since you opened the form. Nothing was saved. Open the form anew to see the role as it is now.',
    openAnew: 'Open the form anew',
    confirmHint: 'Nothing is saved yet. Keys would lose commands: look at them, then save.',
  },
  de: {
    newTitle: 'Neue API-Rolle',
    changeTitle: (name: string) => `API-Rolle ${name} ändern`,
    name: 'Name',
    nameHint: 'Buchstaben, Ziffern, - und _, zum Beispiel „mail-reader“. Er lässt sich später nicht ändern.',
    from: 'Fertige Rolle für ein Programm',
    fromHint: 'Die Befehle, die dieses Programm sendet, anstelle von allem, was Sie unten auswählen.',
    fromNone: 'Nein: Befehle unten auswählen',
    role: 'Für',
    roles: {
      user: 'Schlüssel aller Benutzer. Ein Schlüssel erreicht nur, was seinem eigenen Benutzer gehört.',
      admin:
        'Schlüssel des Root-Benutzers und von Administratoren. Sie erreichen, was irgendeinem Benutzer gehört; die von Administratoren nie, was dem Root-Benutzer gehört.',
    },
    chooseRole: 'Wählen Sie, für wessen Schlüssel die Rolle ist.',
    commands: 'Befehle',
    search: 'Befehle nach Name oder Beschreibung suchen',
    chosen: 'Ausgewählt',
    others: 'andere',
    further: 'Weitere Befehle',
    furtherHint:
      'Befehle, die dieser Dienst nicht kennt, zum Beispiel die eines Panels hinter einem Gateway. Je Zeile einer.',
    only: 'ONLY',
    onlyHint:
      'Was ein Argument der Befehle sein darf, je Zeile ein Name, zum Beispiel DOMAIN=example.com,*.example.org. Ein Befehl ohne ein solches Argument wird abgelehnt, außer er ist SAFE. Leer: Die Argumente sind beliebig.',
    safe: 'SAFE',
    safeOf: (command: string) => `${command} ist SAFE`,
    safeTitle: 'Was SAFE bedeutet',
    safeHint:
      'Ein Schlüssel eines anderen Benutzers als des Root-Benutzers darf einen Befehl nur ausführen, wenn der Befehl den eigenen Benutzer nennt. So erreicht er nichts, was anderen gehört. Ein Befehl ohne Benutzer wird abgewiesen, außer Sie kennzeichnen ihn als SAFE. Dann führen ihn solche Schlüssel mit beliebigen Argumenten aus. Kennzeichnen Sie einen Befehl nur, wenn nichts, was er zeigt oder ändert, einem anderen Benutzer oder dem Server gehört.',
    save: 'Speichern',
    make: 'Rolle anlegen',
    preview: 'Auswirkungen ansehen',
    changedMeanwhile:
      'Jemand anderes hat diese Rolle geändert, seit Sie das Formular geöffnet haben. Es wurde nichts gespeichert. Öffnen Sie das Formular neu, um den jetzigen Stand zu sehen.',
    openAnew: 'Formular neu öffnen',
    confirmHint:
      'Es ist noch nichts gespeichert. Schlüssel würden Befehle verlieren: Sehen Sie nach, und speichern Sie dann.',
  },
});
