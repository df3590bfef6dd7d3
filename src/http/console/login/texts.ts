import { translations } from '../languages.js';

export const loginTexts = translations({
  en: {
    title: 'Log in',
    user: 'User',
    password: 'Password',
    logIn: 'Log in',
    passkey: 'Log in with a passkey',
    passkeyFailed: 'The passkey was not accepted, or the prompt was closed.',
    byLink: 'Log in with a link',
    token: 'Token of the link',
    tokenHint: 'The part behind “token=” of a link that an operator sent you. It logs you in once.',
    noPassword: 'No password yet? On the server, this command makes a link for you:',
    loggingIn: 'Logging you in …',
  },
  de: {
    title: 'Anmelden',
    user: 'Benutzer',
    password: 'Passwort',
    logIn: 'Anmelden',
    passkey: 'Mit einem Passkey anmelden',
    passkeyFailed: 'Der Passkey wurde nicht angenommen, oder die Abfrage wurde geschlossen.',
    byLink: 'Mit einem Link anmelden',
    token: 'Token des Links',
    tokenHint: 'Der Teil hinter „token=“ des Links, den Sie bekommen haben. Er meldet Sie einmal an.',
    noPassword: 'Noch kein Passwort? Auf dem Server erzeugt dieser Befehl einen Link für Sie:',
    loggingIn: 'Sie werden angemeldet …',
  },
});
