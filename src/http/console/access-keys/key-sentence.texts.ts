import { translations } from '../languages.js';

/**
 * The parts of the sentence that says what a key may do; `#` is a number, a name or a day. The script puts them together
 * in the same way (console.js), so they are texts and no functions.
 */
export const sentenceTexts = translations({
  en: {
    everything: 'May run every command',
    nothing: 'May run no command',
    oneCommand: 'May run 1 command',
    commands: 'May run # commands',
    user: 'for # only',
    allUsers: 'for all users',
    allButRoot: 'for all users but the root user',
    someButRoot: '# of them for all users but the root user',
    othersFor: 'the others for # only',
    anywhere: 'from any address that may call',
    oneAddress: 'from one address',
    addresses: 'from # addresses and ranges',
    forever: 'without an end',
    until: 'until #',
    rate: 'at most #',
    quota: 'no more than # altogether (UTC)',
    only: 'only with #',
  },
  de: {
    everything: 'Darf jeden Befehl ausführen',
    nothing: 'Darf keinen Befehl ausführen',
    oneCommand: 'Darf 1 Befehl ausführen',
    commands: 'Darf # Befehle ausführen',
    user: 'nur für #',
    allUsers: 'für alle Benutzer',
    allButRoot: 'für alle Benutzer außer dem Root-Benutzer',
    someButRoot: '# davon für alle Benutzer außer dem Root-Benutzer',
    othersFor: 'die anderen nur für #',
    anywhere: 'von jeder Adresse, die zugreifen darf',
    oneAddress: 'von einer Adresse',
    addresses: 'von # Adressen und Bereichen',
    forever: 'ohne Ende',
    until: 'bis #',
    rate: 'höchstens #',
    quota: 'insgesamt nicht mehr als # (UTC)',
    only: 'nur mit #',
  },
});
