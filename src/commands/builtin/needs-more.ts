/*
 * Built-in commands for which it is not enough that a role lists them. A key that uses one of them may be stopped by
 * a narrower role, so a suggestion has to know them.
 */

/** They run only for who may do everything (`requireEverything`), whatever a role says. */
export const needsEverything: readonly string[] = [
  'v-add-api',
  'v-change-api',
  'v-change-user-role',
  'v-check-user-password',
  'v-delete-api',
  'v-explain-access',
  'v-generate-api-key',
  'v-revoke-api-key',
  'v-revoke-secret',
  'v-test-alert',
];

/**
 * They run only for who may do everything where what they name is the root user's. A decision does not say whose it
 * was, and it may be gone.
 */
export const mayNeedEverything: readonly string[] = ['v-delete-passkey'];

/** They run for others where a role has them in SAFE (`requireEverythingOrSafe`). */
export const needsSafe: readonly string[] = [
  'v-add-sys-api-ip',
  'v-change-sys-api',
  'v-change-sys-config-value',
  'v-delete-sys-api-ip',
];

/**
 * They make, change or end keys, which may have no permissions that the key that runs them lacks, and no wider limits
 * (`requireMayHandle`). Commands that end a user ask the same, but of the keys of users alone, which are then gone.
 */
export const handlesKeys: readonly string[] = [
  'v-add-access-key',
  'v-change-access-key',
  'v-delete-access-key',
  'v-delete-access-keys',
  'v-derive-access-key',
  'v-rotate-access-key',
  'v-suspend-access-key',
  'v-unsuspend-access-key',
];
