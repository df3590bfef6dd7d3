import { germanProblem } from '../known-problems.de.js';
import { translations } from '../languages.js';

/** Of the list of API roles. */
export const apiListTexts = translations({
  en: {
    title: 'API roles',
    intro: 'An API role is a list of commands that access keys can be given. Your keys can have these:',
    newApi: 'New API role',
    columns: { name: 'API role', role: 'For', commands: 'Commands', keys: 'Access keys' },
    roles: { user: 'keys of all users', admin: 'keys of the root user and of administrators' },
    noRole: 'nobody: the file names no ROLE',
    broken: 'broken: grants nothing',
    problem: (text: string) => text,
    keysOf: (name: string, count: number) =>
      count === 1 ? `1 access key has ${name}` : `${String(count)} access keys have ${name}`,
    counting: 'The access keys are being counted.',
    countingLink: 'Wait for it',
    empty: 'No API roles yet',
    emptyHint: 'Without one, only keys of the root user can do anything, and those can do everything.',
    emptyOwn: 'There is no API role that your keys could have',
  },
  de: {
    title: 'API-Rollen',
    intro:
      'Eine API-Rolle ist eine Liste von Befehlen, die Zugriffsschlüssel bekommen können. Ihre Schlüssel können diese haben:',
    newApi: 'Neue API-Rolle',
    columns: { name: 'API-Rolle', role: 'Für', commands: 'Befehle', keys: 'Zugriffsschlüssel' },
    roles: {
      user: 'Schlüssel aller Benutzer',
      admin: 'Schlüssel des Root-Benutzers und von Administratoren',
    },
    noRole: 'niemanden: In der Datei fehlt ROLE',
    broken: 'beschädigt: erlaubt nichts',
    problem: germanProblem,
    keysOf: (name: string, count: number) =>
      count === 1 ? `1 Zugriffsschlüssel hat ${name}` : `${String(count)} Zugriffsschlüssel haben ${name}`,
    counting: 'Die Zugriffsschlüssel werden gezählt.',
    countingLink: 'Darauf warten',
    empty: 'Noch keine API-Rollen',
    emptyHint: 'Ohne API-Rolle dürfen nur Schlüssel des Root-Benutzers etwas, und die dürfen alles.',
    emptyOwn: 'Es gibt keine API-Rolle, die Ihre Schlüssel haben könnten',
  },
});
