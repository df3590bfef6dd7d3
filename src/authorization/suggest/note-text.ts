import type { SuggestionNote } from './suggestion.js';

const texts: Record<SuggestionNote['code'], (names: string) => string> = {
  older_use_unknown: () => 'the record does not go back so far: what was used before it is not known',
  other_nodes: (nodes) =>
    `each node records its own decisions; ask these too, and take all together: ${nodes}`,
  unused_keys: (keys) => `not used in this time: ${keys}`,
  needs_everything: (commands) =>
    `these commands run only for a key without permissions and limits of its own, so it is left as it is: ${commands}`,
  held_apis: (apis) =>
    `these APIs hold arguments, which a new role would not, so the key is left as it is: ${apis}`,
  keys_apart: (keys) =>
    `the role would give these keys more than they have, or does not fit them; ask for each: ${keys}`,
  kept_for_made_keys: (apis) =>
    `these APIs stay, for the keys that it made can do only what it can do: ${apis}`,
  makes_keys: (keys) => `it makes keys, and can give them only APIs that it has itself: ${keys}`,
  maker_lacks: (keys) => `these keys made it and can no longer run all of that; nothing is changed: ${keys}`,
  addresses_open: (keys) =>
    `it comes from too many addresses for a limit, or from such as are not recorded: ${keys}`,
  command_gone: (commands) => `used, and granted no more, so not suggested: ${commands}`,
};

/** A note in words. */
export function textOfNote({ code, names }: SuggestionNote): string {
  return texts[code](names.join(', '));
}
