import { translations } from '../languages.js';

/** Notes of a suggestion by their code (authorization/suggest/suggestion.ts); a new one is shown as REST v1 tells it. */
type Notes = Readonly<Record<string, (names: string) => string>>;

const english: Notes = {
  older_use_unknown: () => 'The record does not go back so far. What was used before it begins is not known.',
  other_nodes: (nodes) => `Each node records its own decisions. Ask these as well: ${nodes}.`,
  unused_keys: () => 'The key was not used in this time. Suspend it, and see whether somebody misses it.',
  needs_everything: (commands) =>
    `These commands run only for a key without permissions and limits of its own, so it is left as it is: ${commands}.`,
  held_apis: (apis) =>
    `These API roles hold arguments, which a new one would not, so the key is left as it is: ${apis}.`,
  kept_for_made_keys: (apis) =>
    `These API roles stay, because keys that it made can do only what it can do: ${apis}.`,
  makes_keys: () => 'It makes keys, and can give them only API roles that it has itself.',
  maker_lacks: (keys) =>
    `These keys made it and can no longer run all of that, so nothing is changed: ${keys}.`,
  addresses_open: () => 'It comes from too many addresses for a limit, or from such as are not recorded.',
  command_gone: (commands) =>
    `These were used and are no longer granted, so they are not suggested: ${commands}.`,
};

const german: Notes = {
  older_use_unknown: () =>
    'Das Protokoll reicht nicht so weit zurück. Was vor seinem Anfang benutzt wurde, ist nicht bekannt.',
  other_nodes: (nodes) =>
    `Jeder Knoten protokolliert seine eigenen Entscheidungen. Fragen Sie auch diese: ${nodes}.`,
  unused_keys: () =>
    'Der Schlüssel wurde in dieser Zeit nicht benutzt. Sperren Sie ihn, und warten Sie ab, ob ihn jemand vermisst.',
  needs_everything: (commands) =>
    `Diese Befehle laufen nur für einen Schlüssel ohne eigene Rechte und Limits, daher bleibt er, wie er ist: ${commands}.`,
  held_apis: (apis) =>
    `Diese API-Rollen halten Argumente fest, was eine neue Rolle nicht täte, daher bleibt er, wie er ist: ${apis}.`,
  kept_for_made_keys: (apis) =>
    `Diese API-Rollen bleiben, denn Schlüssel, die er erzeugt hat, dürfen nur, was er darf: ${apis}.`,
  makes_keys: () => 'Er erzeugt Schlüssel und kann ihnen nur API-Rollen geben, die er selbst hat.',
  maker_lacks: (keys) =>
    `Diese Schlüssel haben ihn erzeugt und dürfen nicht mehr alles davon, daher wird nichts geändert: ${keys}.`,
  addresses_open: () =>
    'Er kommt von zu vielen Adressen für ein Limit, oder von solchen, die nicht protokolliert sind.',
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
    nothing: 'There is nothing to change.',
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
    nothing: 'Es gibt nichts zu ändern.',
    notes: german,
  },
});
