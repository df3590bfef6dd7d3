import { translations } from '../languages.js';

export const checklistTexts = translations({
  en: {
    title: 'Welcome to Hearthkey',
    intro:
      'Four steps to the first request of a program. Each is ticked as it is done, from here or from the command line.',
    done: 'done',
    open: 'to do',
    user: {
      title: 'First user',
      text: 'The user whom the first program works for. It may do what its roles say, for this user alone.',
      action: 'Add a user',
    },
    key: {
      title: 'First access key',
      text: 'The program has an ID and a secret in place of a password. The secret is shown once.',
      action: 'Make an access key',
    },
    callers: {
      title: 'Who may call',
      text: 'The API is off and nobody may call until you say so: switch access keys on, and allow the address of the program.',
      action: 'Say who may call',
    },
    request: {
      title: 'First request',
      text: 'Paste this where the program runs, with the secret in place of SECRET. It asks what the key may do, and changes nothing.',
      curl: 'First request with curl',
      why: 'It was refused? See why',
    },
    overview: 'Show the overview instead',
  },
  de: {
    title: 'Willkommen bei Hearthkey',
    intro:
      'Vier Schritte bis zur ersten Anfrage eines Programms. Jeder wird abgehakt, sobald er getan ist, von hier oder von der Kommandozeile aus.',
    done: 'erledigt',
    open: 'zu tun',
    user: {
      title: 'Erster Benutzer',
      text: 'Der Benutzer, für den das erste Programm arbeitet. Es darf, was seine Rollen sagen, und nur für diesen Benutzer.',
      action: 'Benutzer anlegen',
    },
    key: {
      title: 'Erster Zugriffsschlüssel',
      text: 'Das Programm hat eine ID und ein Geheimnis anstelle eines Passworts. Das Geheimnis wird einmal gezeigt.',
      action: 'Zugriffsschlüssel anlegen',
    },
    callers: {
      title: 'Wer zugreifen darf',
      text: 'Die API ist aus, und niemand darf zugreifen, bis Sie es sagen: Schalten Sie Zugriffsschlüssel ein, und lassen Sie die Adresse des Programms zu.',
      action: 'Festlegen, wer zugreifen darf',
    },
    request: {
      title: 'Erste Anfrage',
      text: 'Fügen Sie das dort ein, wo das Programm läuft, mit dem Geheimnis anstelle von SECRET. Es fragt, was der Schlüssel darf, und ändert nichts.',
      curl: 'Erste Anfrage mit curl',
      why: 'Sie wurde abgelehnt? Sehen Sie, warum',
    },
    overview: 'Stattdessen die Übersicht zeigen',
  },
});
