import { translations } from '../languages.js';

/** Of the page for a secret that has leaked. */
export const leakTexts = translations({
  en: {
    title: 'A secret has leaked',
    link: 'A secret has leaked',
    hint: 'Enter what was found: a secret, ID:SECRET or a legacy key, one on each line. All keys that they belong to are deleted, with all keys that those made. No node accepts them any more. Nobody can undo this.',
    secrets: 'Leaked secrets',
    revoke: 'Find and delete the keys',
    none: 'Enter at least one secret.',
    result: 'What became of them',
    columns: { secret: 'Secret', key: 'Key', user: 'User', state: 'State', action: 'Action' },
    legacyKey: 'legacy key',
    states: {
      live: 'counted until now',
      suspended: 'was suspended',
      expired: 'had ended',
      canary: 'canary, stays',
      replaced: 'was replaced before',
      revoked: 'was deleted before',
      unknown: 'unknown here',
    },
    deleted: 'key deleted',
    deletedWithIt: (count: number) =>
      count === 1 ? 'with 1 key that it made' : `with ${String(count)} keys that it made`,
    nothing: 'none',
    another:
      'A secret that was replaced counts no more, and its key stays. Delete the key if none of you replaced the secret.',
    notCompared: (count: number) =>
      `Access keys that were not used since the pepper was replaced: ${String(count)}. Each may have one of these secrets. Enter ID:SECRET for them.`,
    byIdAlone: (count: number) =>
      `Secrets that were compared with the key of their ID alone: ${String(count)}. Enter fewer at once to find other keys with the same secret.`,
    more: 'More secrets',
  },
  de: {
    title: 'Ein Geheimnis ist bekannt geworden',
    link: 'Ein Geheimnis ist bekannt geworden',
    hint: 'Geben Sie ein, was gefunden wurde: ein Geheimnis, ID:GEHEIMNIS oder einen alten API-Schlüssel, je eines in einer Zeile. Alle Schlüssel, zu denen sie gehören, werden gelöscht, mit allen Schlüsseln, die damit erzeugt wurden. Kein Knoten nimmt sie mehr an. Niemand kann das rückgängig machen.',
    secrets: 'Bekannt gewordene Geheimnisse',
    revoke: 'Schlüssel finden und löschen',
    none: 'Geben Sie mindestens ein Geheimnis ein.',
    result: 'Was daraus wurde',
    columns: {
      secret: 'Geheimnis',
      key: 'Schlüssel',
      user: 'Benutzer',
      state: 'Zustand',
      action: 'Maßnahme',
    },
    legacyKey: 'alter API-Schlüssel',
    states: {
      live: 'galt bis jetzt',
      suspended: 'war gesperrt',
      expired: 'war abgelaufen',
      canary: 'Köder, bleibt',
      replaced: 'war schon ersetzt',
      revoked: 'war schon gelöscht',
      unknown: 'hier unbekannt',
    },
    deleted: 'Schlüssel gelöscht',
    deletedWithIt: (count: number) =>
      count === 1
        ? 'mit 1 Schlüssel, der damit erzeugt wurde'
        : `mit ${String(count)} Schlüsseln, die damit erzeugt wurden`,
    nothing: 'keine',
    another:
      'Ein ersetztes Geheimnis gilt nicht mehr, und sein Schlüssel bleibt. Löschen Sie den Schlüssel, wenn niemand von Ihnen das Geheimnis ersetzt hat.',
    notCompared: (count: number) =>
      `API-Schlüssel, die seit dem Austausch des Peppers nicht benutzt wurden: ${String(count)}. Jeder davon kann eines dieser Geheimnisse haben. Geben Sie für sie ID:GEHEIMNIS ein.`,
    byIdAlone: (count: number) =>
      `Geheimnisse, die nur mit dem Schlüssel ihrer ID verglichen wurden: ${String(count)}. Geben Sie weniger auf einmal ein, um andere Schlüssel mit demselben Geheimnis zu finden.`,
    more: 'Weitere Geheimnisse',
  },
});
