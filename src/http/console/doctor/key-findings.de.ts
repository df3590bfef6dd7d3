import type { keyFindings } from '../../../doctor/texts/key-findings.js';

type KeyName = Parameters<typeof keyFindings.owner_unknown>[0]['key'];

const nameOf = ({ id, user, comment }: KeyName): string =>
  `Zugriffsschlüssel ${id} von ${user}${comment === '' ? '' : ` („${comment}“)`}`;

const listOf = (ids: readonly string[], more: number): string =>
  `${ids.join(', ')}${more > 0 ? ` und ${String(more)} weitere` : ''}`;

/** Findings about access keys and legacy keys, in German. One that is missing is an error of the compiler. */
export const germanKeyFindings: typeof keyFindings = {
  canary_used: ({ key, at, address, command }) => ({
    subject: nameOf(key),
    problem: `Er ist ein Köder, und jemand hat ihn benutzt: zuletzt am ${at} von ${address || 'einer unbekannten Adresse'} für ${command || 'keinen Befehl'}.`,
    advice: `Finden Sie heraus, wo sein Geheimnis lag und was dort noch war (v-list-audit-events --key ${key.id}), dann v-rotate-access-key ${key.id} oder v-delete-access-key ${key.id}`,
  }),
  weak_access_key: ({ key }) => ({
    subject: nameOf(key),
    problem: 'Sein Geheimnis stammt aus einer Quelle, die sich erraten lässt.',
    advice: `v-rotate-access-key ${key.id} (alle auf einmal: v-rotate-access-key --weak)`,
  }),
  weak_legacy_key: ({ id }) => ({
    subject: `Alter API-Schlüssel ${id}`,
    problem: 'Er stammt aus einer Quelle, die sich erraten lässt, und darf jeden Befehl ausführen.',
    advice: `v-generate-api-key, oder ein Zugriffsschlüssel an seiner Stelle (v-add-access-key --help), dann v-revoke-api-key ${id}`,
  }),
  owner_unknown: ({ key }) => ({
    subject: nameOf(key),
    problem: `Einen Benutzer ${key.user} gibt es nicht: Der Schlüssel wird abgelehnt.`,
    advice: `v-delete-access-key ${key.id}`,
  }),
  api_unknown: ({ key, unknown, known }) => {
    const command =
      known.length > 0
        ? `v-change-access-key ${key.id} PERMISSIONS ${known.join(',')}`
        : `v-delete-access-key ${key.id}`;
    return {
      subject: nameOf(key),
      problem: `Er nennt APIs, die es nicht gibt: ${unknown.join(', ')}.`,
      advice: `${command}, oder legen Sie die APIs an (v-add-api --help)`,
    };
  },
  key_ended: ({ key, life }) => ({
    subject: nameOf(key),
    problem: 'Er ist abgelaufen.',
    advice: `v-change-access-key ${key.id} --expires ${life}, oder v-delete-access-key ${key.id}`,
  }),
  key_ends_soon: ({ key, at, days, life }) => {
    const left =
      days === 0 ? 'in weniger als einem Tag' : days === 1 ? 'in 1 Tag' : `in ${String(days)} Tagen`;
    return {
      subject: nameOf(key),
      problem: `Er endet am ${at}, ${left}.`,
      advice: `v-change-access-key ${key.id} --expires ${life}`,
    };
  },
  key_without_end: ({ key, life }) => ({
    subject: nameOf(key),
    problem: 'Er hat kein Ende, und hier muss jeder Schlüssel eines haben.',
    advice: `v-change-access-key ${key.id} --expires ${life}`,
  }),
  key_lives_too_long: ({ key, longest, life }) => ({
    subject: nameOf(key),
    problem: `Er gilt länger als die ${longest}, die hier höchstens erlaubt sind.`,
    advice: `v-change-access-key ${key.id} --expires ${life}`,
  }),
  tree_key_removed: ({ id, user, root }) => ({
    subject: `Zugriffsschlüssel ${id} von ${user}`,
    problem: `Er kam aus ${root}, und seine Datei ist nicht mehr dort: Er wird abgelehnt.`,
    advice: `v-delete-access-key ${id}`,
  }),
  tree_keys_only_in_panel: ({ ids, more, root }) => ({
    subject: `Zugriffsschlüssel, die nur das Panel hat: ${listOf(ids, more)}`,
    problem: 'Sie wurden auf der Seite des Panels angelegt und gelten hier nicht.',
    advice: `hearthkey import --from ${root} (oder löschen Sie sie im Panel)`,
  }),
  tree_keys_only_here: ({ ids, more }) => ({
    subject: `Zugriffsschlüssel, die es nur hier gibt: ${listOf(ids, more)}`,
    problem: 'Die Seite des Panels zeigt sie nicht und kann sie nicht beenden.',
    advice: 'v-list-access-keys (v-delete-access-key beendet einen)',
  }),
  key_of_former_root: ({ id, user, refused, rootUser }) => {
    const what = refused.length === 0 ? 'hat keine Berechtigungen' : `nennt ${refused.join(', ')}`;
    return {
      subject: `Zugriffsschlüssel ${id} von ${user}`,
      problem: `Er ${what}. Das erlaubt nur Schlüsseln des Root-Benutzers etwas, und der ist ${rootUser}.`,
      advice: `War ${user} vorher der Root-Benutzer, setzen Sie wieder HEARTHKEY_ROOT_USER=${user}, oder v-delete-access-key ${id}`,
    };
  },
};
