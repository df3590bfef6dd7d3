import type { FindingText } from './finding-text.js';

interface KeyName {
  id: string;
  user: string;
  comment: string;
}

const nameOf = ({ id, user, comment }: KeyName): string =>
  `access key ${id} of ${user}${comment === '' ? '' : ` ("${comment}")`}`;

const listOf = (ids: readonly string[], more: number): string =>
  `${ids.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;

/** Findings about access keys and legacy keys, in English. */
export const keyFindings = {
  canary_used: (about: { key: KeyName; at: string; address: string; command: string }): FindingText => {
    const { key, at, address, command } = about;
    return {
      subject: nameOf(key),
      problem: `it is a canary, and somebody has used it: last at ${at} from ${address || 'an unknown address'} for ${command || 'no command'}`,
      advice: `find out where its secret was kept and what else was there (v-list-audit-events --key ${key.id}), then v-rotate-access-key ${key.id} or v-delete-access-key ${key.id}`,
    };
  },
  weak_access_key: ({ key }: { key: KeyName }): FindingText => ({
    subject: nameOf(key),
    problem: 'its secret came from a source that can be guessed',
    advice: `v-rotate-access-key ${key.id} (all of them: v-rotate-access-key --weak)`,
  }),
  weak_legacy_key: ({ id }: { id: string }): FindingText => ({
    subject: `legacy API key ${id}`,
    problem: 'it came from a source that can be guessed, and may run every command',
    advice: `v-generate-api-key, or an access key in its place (v-add-access-key --help), then v-revoke-api-key ${id}`,
  }),
  owner_unknown: ({ key }: { key: KeyName }): FindingText => ({
    subject: nameOf(key),
    problem: `there is no user ${key.user}: it is refused`,
    advice: `v-delete-access-key ${key.id}`,
  }),
  api_unknown: (about: {
    key: KeyName;
    unknown: readonly string[];
    known: readonly string[];
  }): FindingText => {
    const { key, unknown, known } = about;
    // An empty list is no way out: it is refused, or means everything.
    const command =
      known.length > 0
        ? `v-change-access-key ${key.id} PERMISSIONS ${known.join(',')}`
        : `v-delete-access-key ${key.id}`;
    return {
      subject: nameOf(key),
      problem: `it names APIs that don't exist: ${unknown.join(', ')}`,
      advice: `${command}, or make them (v-add-api --help)`,
    };
  },
  key_ended: ({ key, life }: { key: KeyName; life: string }): FindingText => ({
    subject: nameOf(key),
    problem: 'has expired',
    advice: `v-change-access-key ${key.id} --expires ${life}, or v-delete-access-key ${key.id}`,
  }),
  key_ends_soon: (about: { key: KeyName; at: string; days: number; life: string }): FindingText => {
    const { key, at, days, life } = about;
    const left = days === 0 ? 'less than a day' : days === 1 ? '1 day' : `${String(days)} days`;
    return {
      subject: nameOf(key),
      problem: `expires at ${at}, in ${left}`,
      advice: `v-change-access-key ${key.id} --expires ${life}`,
    };
  },
  key_without_end: ({ key, life }: { key: KeyName; life: string }): FindingText => ({
    subject: nameOf(key),
    problem: `a key has to expire here, such as by --expires ${life}`,
    advice: `v-change-access-key ${key.id} --expires ${life}`,
  }),
  key_lives_too_long: (about: { key: KeyName; longest: string; life: string }): FindingText => ({
    subject: nameOf(about.key),
    problem: `a key can live for ${about.longest} at most here`,
    advice: `v-change-access-key ${about.key.id} --expires ${about.life}`,
  }),
  tree_key_removed: ({ id, user, root }: { id: string; user: string; root: string }): FindingText => ({
    subject: `access key ${id} of ${user}`,
    problem: `it came from ${root}, and its file is no longer there: it is refused`,
    advice: `v-delete-access-key ${id}`,
  }),
  tree_keys_only_in_panel: (about: { ids: readonly string[]; more: number; root: string }): FindingText => ({
    subject: `access keys that only the panel has: ${listOf(about.ids, about.more)}`,
    problem: "they were made at the panel's own page and don't work here",
    advice: `hearthkey import --from ${about.root} (or remove them at the panel)`,
  }),
  tree_keys_only_here: ({ ids, more }: { ids: readonly string[]; more: number }): FindingText => ({
    subject: `access keys that are only here: ${listOf(ids, more)}`,
    problem: "the panel's own page neither shows nor ends them",
    advice: 'v-list-access-keys (v-delete-access-key ends one)',
  }),
  key_of_former_root: (about: {
    id: string;
    user: string;
    /** Empty: it has no permissions. */
    refused: readonly string[];
    rootUser: string;
  }): FindingText => {
    const { id, user, refused, rootUser } = about;
    const what = refused.length === 0 ? 'has no permissions' : `names ${refused.join(', ')}`;
    return {
      subject: `access key ${id} of ${user}`,
      problem: `it ${what}, which grants something to the root user's keys alone, and the root user is ${rootUser}`,
      advice: `if ${user} was the root user before, set HEARTHKEY_ROOT_USER=${user} again, or v-delete-access-key ${id}`,
    };
  },
};
