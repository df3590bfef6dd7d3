import type { SuggestionNote } from './suggestion.js';

const texts: Record<SuggestionNote['code'], (names: string) => string> = {
  older_use_unknown: () => 'the record does not go back so far: what was used before it is not known',
  other_nodes: (nodes) =>
    `each node records its own decisions, so no commands are suggested; ask these too, and take all together: ${nodes}`,
  unused_keys: (keys) => `not used in this time: ${keys}`,
  needs_everything: (commands) =>
    `these commands run only for a key without permissions and limits of its own, so it is left as it is: ${commands}`,
  held_apis: (apis) =>
    `these APIs hold arguments, which a new role would not, so the key is left as it is: ${apis}`,
  admin_apis: (apis) =>
    `by these APIs the key of an administrator may name any user, so it is left as it is: ${apis}`,
  handles_keys: (commands) =>
    `by these commands it made or changed keys, for which its own permissions and limits count, so it is left as it is: ${commands}`,
  keys_apart: (keys) =>
    `the role would give these keys more than they have, or does not fit them; ask for each: ${keys}`,
  kept_for_made_keys: (apis) =>
    `these APIs stay, for the keys that it made can do only what it can do: ${apis}`,
  other_users_maker: () =>
    'a key of another user made it and would need the new API too: only the root user can do that',
  addresses_open: (keys) =>
    `no addresses are suggested, for there are too many, or some are not recorded: ${keys}`,
  command_gone: (commands) => `used, and granted no more, so not suggested: ${commands}`,
};

/** A note in words. */
export function textOfNote({ code, names }: SuggestionNote): string {
  return texts[code](names.join(', '));
}
