import { translations } from '../languages.js';

/** Of what is done with several keys at once. */
export const keySelectionTexts = translations({
  en: {
    suspend: (count: number) =>
      count === 1 ? 'Suspend 1 access key?' : `Suspend ${String(count)} access keys?`,
    delete: (count: number) =>
      count === 1 ? 'Delete 1 access key?' : `Delete ${String(count)} access keys?`,
    suspendHint: 'Suspended keys are refused until they are unsuspended.',
    deleteHint:
      'Programs that use these keys are refused from then on. Keys that were made with them are deleted as well. Nobody can undo this. Suspended keys are refused, too, and can come back.',
    suspendThem: 'Suspend these keys',
    deleteThem: 'Delete these keys',
    suspendInstead: 'Suspend them instead',
    keys: 'Selected access keys',
    nothing: 'No access key is selected',
    nothingHint: 'Mark keys in the list first.',
    back: 'Back to the list',
    partly: (done: number, failed: number) => `Done for ${String(done)}, not for ${String(failed)}`,
    gone: 'does not exist any more',
    why: 'Why not',
  },
  de: {
    suspend: (count: number) =>
      count === 1 ? '1 Zugriffsschlüssel sperren?' : `${String(count)} Zugriffsschlüssel sperren?`,
    delete: (count: number) =>
      count === 1 ? '1 Zugriffsschlüssel löschen?' : `${String(count)} Zugriffsschlüssel löschen?`,
    suspendHint: 'Gesperrte Schlüssel werden abgewiesen, bis sie entsperrt werden.',
    deleteHint:
      'Programme, die diese Schlüssel benutzen, werden ab dann abgewiesen. Schlüssel, die mit ihnen erzeugt wurden, werden auch gelöscht. Niemand kann das rückgängig machen. Auch gesperrte Schlüssel werden abgewiesen, und sie können wieder gültig werden.',
    suspendThem: 'Diese Schlüssel sperren',
    deleteThem: 'Diese Schlüssel löschen',
    suspendInstead: 'Stattdessen sperren',
    keys: 'Ausgewählte Zugriffsschlüssel',
    nothing: 'Kein Zugriffsschlüssel ist ausgewählt',
    nothingHint: 'Markieren Sie zuerst Schlüssel in der Liste.',
    back: 'Zurück zur Liste',
    partly: (done: number, failed: number) => `Bei ${String(done)} erledigt, bei ${String(failed)} nicht`,
    gone: 'gibt es nicht mehr',
    why: 'Warum nicht',
  },
});
