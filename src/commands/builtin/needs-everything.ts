/**
 * Built-in commands that run only for who may do everything (`requireEverything`), whatever a role of a key says: to
 * narrow a key that uses one of them would stop it.
 */
export const needsEverything: readonly string[] = [
  'v-add-api',
  'v-change-api',
  'v-delete-api',
  'v-explain-access',
  'v-generate-api-key',
  'v-revoke-api-key',
];
