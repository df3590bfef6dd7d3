import { translations } from '../languages.js';

/** Notes of a suggestion by their code (authorization/suggest/suggestion.ts); a new one is shown as REST v1 tells it. */
type Notes = Readonly<Record<string, (names: string) => string>>;

const english: Notes = {
  older_use_unknown: () => 'The record does not go back so far. What was used before it begins is not known.',
  other_nodes: (nodes) =>
    `Each node records its own decisions, so no commands are suggested. Ask these as well: ${nodes}.`,
  unused_keys: () => 'The key was not used in this time. Suspend it, and see whether somebody misses it.',
  needs_everything: (commands) =>
    `These commands run only for a key without permissions and limits of its own, so it is left as it is: ${commands}.`,
  held_apis: (apis) =>
    `These API roles hold arguments, which a new one would not, so the key is left as it is: ${apis}.`,
  kept_for_made_keys: (apis) =>
    `These API roles stay, because keys that it made can do only what it can do: ${apis}.`,
  admin_apis: (apis) =>
    `By these API roles the key of an administrator may name any user, so it is left as it is: ${apis}.`,
  handles_keys: (commands) =>
    `By these commands it made or changed keys. Its own roles and limits count for them, so it is left as it is: ${commands}.`,
  other_users_maker: () => 'A key of another user made it and would need the new role too.',
  addresses_open: () =>
    'No addresses are suggested: it came from too many, or from such as are not recorded.',
  command_gone: (commands) =>
    `These were used and are no longer granted, so they are not suggested: ${commands}.`,
};

const german: Notes = {
  older_use_unknown: () =>
    'Das Protokoll reicht nicht so weit zurück. Was vor seinem Anfang benutzt wurde, ist nicht bekannt.',
  other_nodes: (nodes) =>
    `Jeder Knoten protokolliert seine eigenen Entscheidungen, daher werden keine Befehle vorgeschlagen. Fragen Sie auch diese: ${nodes}.`,
  unused_keys: () =>
    'Der Schlüssel wurde in dieser Zeit nicht benutzt. Sperren Sie ihn, und warten Sie ab, ob ihn jemand vermisst.',
  needs_everything: (commands) =>
    `Diese Befehle laufen nur für einen Schlüssel ohne eigene Rechte und Limits, daher bleibt er, wie er ist: ${commands}.`,
  held_apis: (apis) =>
    `Diese API-Rollen halten Argumente fest, was eine neue Rolle nicht täte, daher bleibt er, wie er ist: ${apis}.`,
  kept_for_made_keys: (apis) =>
    `Diese API-Rollen bleiben, denn Schlüssel, die er erzeugt hat, dürfen nur, was er darf: ${apis}.`,
  admin_apis: (apis) =>
    `Mit diesen API-Rollen darf der Schlüssel eines Administrators jeden Benutzer nennen, daher bleibt er, wie er ist: ${apis}.`,
  handles_keys: (commands) =>
    `Mit diesen Befehlen hat er Schlüssel erzeugt oder geändert. Dafür zählen seine eigenen Rollen und Limits, daher bleibt er, wie er ist: ${commands}.`,
  other_users_maker: () =>
    'Ein Schlüssel eines anderen Benutzers hat ihn erzeugt und bräuchte die neue Rolle auch.',
  addresses_open: () =>
    'Es werden keine Adressen vorgeschlagen: Er kam von zu vielen, oder von solchen, die nicht protokolliert sind.',
  command_gone: (commands) =>
    `Diese wurden benutzt und sind nicht mehr erlaubt, daher werden sie nicht vorgeschlagen: ${commands}.`,
};

/** Of the page that tells what a key uses. */
export const keyUseTexts = translations({
  en: {
    title: 'What the key uses',
    link: 'What it uses, and the smallest role',
    intro: (count: number) =>
      `${String(count)} requests of this key were allowed in this time. They need these commands:`,
    record: 'The record begins at',
    ofNode: (node: string) => `This is the record of node ${node}.`,
    used: 'Used',
    command: 'Command',
    uses: 'Uses',
    last: 'Last used',
    unused: (count: number) => `Never used (${String(count)})`,
    unusedHint: 'The key can run these, and did not in this time.',
    everything: 'The key can run every command.',
    suggestion: 'The smallest role and limits',
    addresses: 'It came from',
    rate: 'At most',
    rateHint: 'That is the peak, without a margin: a busier day needs a higher limit.',
    lines: 'Commands that put it in place',
    sure: 'Yes, this key may do only that from now on',
    apply: 'Make the role and change the key',
    notSure: 'Confirm that the key may do only that from now on',
    changed: 'The key was used or changed meanwhile. Look at the suggestion again.',
    widened:
      'The new role has a new name, so the record and alerts may call the key widened. It can do no more than before.',
    nothing: 'There is nothing to change.',
    leftAsIs: 'No change is suggested. The notes above say why.',
    notes: english,
  },
  de: {
    title: 'Was der Schlüssel benutzt',
    link: 'Was er benutzt, und die kleinste Rolle',
    intro: (count: number) =>
      `${String(count)} Anfragen dieses Schlüssels wurden in dieser Zeit erlaubt. Sie brauchen diese Befehle:`,
    record: 'Das Protokoll beginnt am',
    ofNode: (node: string) => `Das ist das Protokoll des Knotens ${node}.`,
    used: 'Benutzt',
    command: 'Befehl',
    uses: 'Nutzungen',
    last: 'Zuletzt benutzt',
    unused: (count: number) => `Nie benutzt (${String(count)})`,
    unusedHint: 'Der Schlüssel darf diese ausführen und hat es in dieser Zeit nicht getan.',
    everything: 'Der Schlüssel darf jeden Befehl ausführen.',
    suggestion: 'Die kleinste Rolle und die engsten Limits',
    addresses: 'Er kam von',
    rate: 'Höchstens',
    rateHint: 'Das ist der Höchstwert, ohne Spielraum: Ein Tag mit mehr Anfragen braucht ein höheres Limit.',
    lines: 'Befehle, die das einrichten',
    sure: 'Ja, dieser Schlüssel darf ab jetzt nur noch das',
    apply: 'Rolle anlegen und Schlüssel ändern',
    notSure: 'Bestätigen Sie, dass der Schlüssel ab jetzt nur noch das darf',
    changed: 'Der Schlüssel wurde inzwischen benutzt oder geändert. Sehen Sie den Vorschlag noch einmal an.',
    widened:
      'Die neue Rolle hat einen neuen Namen, daher sagen Protokoll und Warnungen vielleicht, dass der Schlüssel mehr darf. Er darf nicht mehr als zuvor.',
    nothing: 'Es gibt nichts zu ändern.',
    leftAsIs: 'Es wird keine Änderung vorgeschlagen. Die Hinweise oben sagen, warum.',
    notes: german,
  },
});
