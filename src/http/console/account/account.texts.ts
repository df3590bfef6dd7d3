import { translations } from '../languages.js';

export const accountTexts = translations({
  en: {
    title: 'My account',
    passkeys: 'Passkeys',
    passkeysHint: 'With a passkey you log in without a name and a password: by a PIN, a finger or a face.',
    noPasskeys: 'No passkey yet',
    columns: { name: 'Name', created: 'Enrolled', used: 'Last login', action: 'Action' },
    never: 'never',
    remove: 'Delete',
    removeOf: (name: string) => `Delete the passkey ${name}`,
    passkeyName: 'Name of the new passkey',
    passkeyNameHint: 'What you call it, such as “My phone”.',
    enrol: 'Enrol a passkey',
    enrolNeedsScript: 'Enrolling a passkey needs scripts in this browser.',
    enrolFailed: 'No passkey was enrolled: the prompt was closed, or this device has one already.',
    sessions: 'My sessions',
    password: 'My password',
  },
  de: {
    title: 'Mein Konto',
    passkeys: 'Passkeys',
    passkeysHint:
      'Mit einem Passkey melden Sie sich ohne Name und Passwort an: mit PIN, Finger oder Gesicht.',
    noPasskeys: 'Noch kein Passkey',
    columns: { name: 'Name', created: 'Eingerichtet', used: 'Letzte Anmeldung', action: 'Aktion' },
    never: 'nie',
    remove: 'Löschen',
    removeOf: (name: string) => `Passkey ${name} löschen`,
    passkeyName: 'Name des neuen Passkeys',
    passkeyNameHint: 'Wie Sie ihn nennen, etwa „Mein Telefon“.',
    enrol: 'Passkey einrichten',
    enrolNeedsScript: 'Zum Einrichten eines Passkeys braucht dieser Browser Skripte.',
    enrolFailed:
      'Es wurde kein Passkey eingerichtet: Die Abfrage wurde geschlossen, oder dieses Gerät hat schon einen.',
    sessions: 'Meine Sitzungen',
    password: 'Mein Passwort',
  },
});
