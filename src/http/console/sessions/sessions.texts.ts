import { translations } from '../languages.js';

export const sessionsTexts = translations({
  en: {
    title: 'Sessions',
    intro:
      'People who are logged in. A session ends 30 minutes after its last request, 12 hours after the login at the latest.',
    columns: {
      user: 'User',
      login: 'Logged in',
      from: 'From',
      seen: 'Last request',
      ends: 'Ends',
      action: 'Action',
    },
    methods: { password: 'with a password', link: 'with a link', passkey: 'with a passkey' },
    current: 'this session',
    end: 'End',
    endOf: (user: string) => `End the session of ${user}`,
    endAll: 'End all sessions of this user',
    empty: 'Nobody is logged in',
    filtered: (user: string) => `Sessions of ${user}`,
    all: 'Show the sessions of everybody',
  },
  de: {
    title: 'Sitzungen',
    intro:
      'Wer angemeldet ist. Eine Sitzung endet 30 Minuten nach ihrer letzten Anfrage, spätestens 12 Stunden nach der Anmeldung.',
    columns: {
      user: 'Benutzer',
      login: 'Angemeldet',
      from: 'Von',
      seen: 'Letzte Anfrage',
      ends: 'Endet',
      action: 'Aktion',
    },
    methods: { password: 'mit Passwort', link: 'mit einem Link', passkey: 'mit einem Passkey' },
    current: 'diese Sitzung',
    end: 'Beenden',
    endOf: (user: string) => `Sitzung von ${user} beenden`,
    endAll: 'Alle Sitzungen dieses Benutzers beenden',
    empty: 'Niemand ist angemeldet',
    filtered: (user: string) => `Sitzungen von ${user}`,
    all: 'Sitzungen aller Benutzer zeigen',
  },
});
