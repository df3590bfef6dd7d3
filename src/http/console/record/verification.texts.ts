import { translations } from '../languages.js';

/** Of the page that tells whether the record is whole. */
export const verificationTexts = translations({
  en: {
    title: 'Is the record whole?',
    intro:
      'Each line of the record has the hash of the line before it. Verifying reads all of it and finds what was altered, removed, inserted, reordered or cut off. With a long record it takes a while; decisions go on meanwhile.',
    verify: 'Verify now',
    never: 'It was not verified since the service was started.',
    whole: 'The record is whole.',
    broken: (count: number) =>
      count === 1
        ? 'The record is not whole: 1 finding.'
        : `The record is not whole: ${String(count)} findings.`,
    whatToDo:
      'Keep a copy of the folder of the record as it is, and find out who could write to it. Decisions from before the finding can still be trusted.',
    facts: { verified: 'Verified', lines: 'Lines', first: 'First line', files: 'Files', chain: 'Chain' },
    head: 'Head of the record, to be kept elsewhere',
    headHint:
      'Keep this text elsewhere. `v-verify-audit --expect TEXT` then proves that no event up to here was changed.',
    columns: { place: 'Place', problem: 'What is wrong' },
    more: (count: number) => `${String(count)} more are not shown.`,
    back: 'All events',
  },
  de: {
    title: 'Ist das Protokoll unversehrt?',
    intro:
      'Jede Zeile des Protokolls enthält den Hash der Zeile davor. Die Prüfung liest alles und findet, was geändert, entfernt, eingefügt, umgestellt oder abgeschnitten wurde. Bei einem langen Protokoll dauert das eine Weile; entschieden wird währenddessen weiter.',
    verify: 'Jetzt prüfen',
    never: 'Seit dem Start des Dienstes wurde es nicht geprüft.',
    whole: 'Das Protokoll ist unversehrt.',
    broken: (count: number) =>
      count === 1
        ? 'Das Protokoll ist nicht unversehrt: 1 Befund.'
        : `Das Protokoll ist nicht unversehrt: ${String(count)} Befunde.`,
    whatToDo:
      'Heben Sie eine Kopie des Protokollordners auf, wie er ist, und finden Sie heraus, wer hineinschreiben konnte. Entscheidungen vor dem Befund sind weiter verlässlich.',
    facts: { verified: 'Geprüft', lines: 'Zeilen', first: 'Erste Zeile', files: 'Dateien', chain: 'Kette' },
    head: 'Stand des Protokolls, zum Aufbewahren an anderer Stelle',
    headHint:
      'Wer diesen Text aufbewahrt, kann später beweisen, dass bis hierher nichts geändert wurde: v-verify-audit --expect und dieser Text.',
    columns: { place: 'Stelle', problem: 'Was nicht stimmt' },
    more: (count: number) => `${String(count)} weitere sind nicht gezeigt.`,
    back: 'Alle Ereignisse',
  },
});
