import { translations } from '../languages.js';

export const doctorTexts = translations({
  en: {
    title: 'Doctor',
    intro: 'What an operator should look at: settings, addresses, files, keys. Nothing is changed.',
    none: 'Nothing to do',
    noneHint: 'Everything that is checked is as it should be.',
    count: (count: number) => (count === 1 ? '1 finding' : `${String(count)} findings`),
    advice: 'What to do',
    again: 'Look again',
  },
  de: {
    title: 'Prüfung',
    intro:
      'Was sich ein Betreiber ansehen sollte: Einstellungen, Adressen, Dateien, Schlüssel. Geändert wird nichts.',
    none: 'Nichts zu tun',
    noneHint: 'Alles, was geprüft wird, ist, wie es sein sollte.',
    count: (count: number) => (count === 1 ? '1 Befund' : `${String(count)} Befunde`),
    advice: 'Was zu tun ist',
    again: 'Noch einmal prüfen',
  },
});
