import { translations } from '../languages.js';

/** Of the pages that give a key a new secret, and that delete it. */
export const keyFormsTexts = translations({
  en: {
    rotateTitle: 'New secret for',
    rotateHint:
      'The key gets a new secret, which is shown once. ID, API roles and limits stay. With an overlap the old secret counts as well for that time, so that you can change programs over one by one.',
    overlap: 'Overlap',
    overlaps: {
      '0': 'None: the old secret ends at once (choose this where it became known)',
      '1h': '1 hour',
      '24h': '24 hours',
      '7d': '7 days',
    },
    overlapNow: 'There is an overlap already, until',
    overlapEnds:
      'A new secret ends it: then the newest secret counts, and the present one for the overlap that you choose.',
    rotate: 'Make a new secret',
    deleteTitle: 'Delete access key',
    suspendFirst: 'Suspend it first?',
    suspendHint:
      'A suspended key is refused like a deleted one, and comes back with one click. So you find out whether something still needs it.',
    suspendHintUser: 'A suspended key is refused like a deleted one. An operator can unsuspend it.',
    suspend: 'Suspend the key',
    isSuspended: 'The key is suspended. It can be deleted, or stay as it is.',
    lastUse: 'It was last used',
    neverUsed: 'It was never used.',
    deleteForGood: 'Delete it for good',
    deleteHint:
      'Programs that use the key are refused from then on. Keys that were made with this key are deleted with it. Nobody can undo this.',
    typeId: (id: string) => `To delete it, type its ID: ${id}`,
    notTheId: 'That is not the ID of this key.',
    delete: 'Delete the key',
  },
  de: {
    rotateTitle: 'Neues Geheimnis für',
    rotateHint:
      'Der Schlüssel bekommt ein neues Geheimnis, das einmal angezeigt wird. ID, API-Rollen und Grenzen bleiben. Mit einer Übergangszeit gilt das alte Geheimnis so lange daneben, damit Sie die Programme nacheinander umstellen können.',
    overlap: 'Übergangszeit',
    overlaps: {
      '0': 'Keine: das alte Geheimnis endet sofort (wenn es bekannt geworden ist)',
      '1h': '1 Stunde',
      '24h': '24 Stunden',
      '7d': '7 Tage',
    },
    overlapNow: 'Es läuft schon eine Übergangszeit, bis',
    overlapEnds:
      'Ein neues Geheimnis beendet sie: Dann gilt das neueste, und das jetzige für die Übergangszeit, die Sie wählen.',
    rotate: 'Neues Geheimnis erzeugen',
    deleteTitle: 'Zugriffsschlüssel löschen',
    suspendFirst: 'Erst einmal sperren?',
    suspendHint:
      'Ein gesperrter Schlüssel wird abgewiesen wie ein gelöschter, und ein Klick macht ihn wieder gültig. So finden Sie heraus, ob ihn noch etwas braucht.',
    suspendHintUser:
      'Ein gesperrter Schlüssel wird abgewiesen wie ein gelöschter. Ein Administrator kann ihn entsperren.',
    suspend: 'Schlüssel sperren',
    isSuspended: 'Der Schlüssel ist gesperrt. Sie können ihn löschen oder so lassen.',
    lastUse: 'Er wurde zuletzt benutzt',
    neverUsed: 'Er wurde nie benutzt.',
    deleteForGood: 'Endgültig löschen',
    deleteHint:
      'Programme, die den Schlüssel benutzen, werden ab dann abgewiesen. Schlüssel, die mit ihm erzeugt wurden, werden mit ihm gelöscht. Niemand kann das rückgängig machen.',
    typeId: (id: string) => `Geben Sie zum Löschen die ID ein: ${id}`,
    notTheId: 'Das ist nicht die ID dieses Schlüssels.',
    delete: 'Schlüssel löschen',
  },
});
