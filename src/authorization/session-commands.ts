import { describeCommand, type CommandSpec } from '../catalogue/command-spec.js';
import type { Grant } from './decision-steps.js';

/**
 * What a user who has logged in may do: commands about himself. Those that name him are held to him as a key is;
 * `safe` are those that name something of his: the use case asks whose it is.
 */
const ofUsers: Readonly<Record<string, Grant>> = {
  'v-list-access-keys': 'granted',
  'v-list-access-key': 'safe',
  'v-add-access-key': 'granted',
  'v-change-access-key': 'safe',
  'v-suspend-access-key': 'safe',
  'v-rotate-access-key': 'safe',
  'v-delete-access-key': 'safe',
  'v-delete-access-keys': 'granted',
  'v-list-access-key-usage': 'safe',
  'v-suggest-api': 'safe',
  'v-list-trials': 'safe',
  // Of administrators alone.
  'v-list-approvals': 'safe',
  'v-approve-change': 'safe',
  'v-reject-change': 'safe',
  'v-list-user': 'granted',
  'v-change-user-password': 'granted',
  'v-list-sessions': 'granted',
  'v-delete-session': 'safe',
  'v-delete-sessions': 'granted',
  'v-list-passkeys': 'granted',
  'v-delete-passkey': 'safe',
};

export const commandsOfUsers: readonly string[] = Object.keys(ofUsers);

/** What only somebody who has logged in can do. */
const ofSessions: readonly string[] = ['read-session', 'log-out', 'enrol-passkey'];

/** No command is behind these, and they are about the user himself. */
const operations: ReadonlyMap<string, CommandSpec> = new Map(
  [...ofSessions, 'whoami', 'read-own-events', 'read-own-apis'].map((name) => [
    name,
    // Read-only mode lets people out.
    { ...describeCommand(name, '', ''), onlyReads: name !== 'enrol-passkey' },
  ]),
);

/** Whether an access key has nothing to do with it. */
export function needsSession(operation: string): boolean {
  return ofSessions.includes(operation);
}

export function findSessionOperation(name: string): CommandSpec | undefined {
  return operations.get(name);
}

/** Whether a session may run the command: the root user's everything, another's what is about him. */
export function grantOfSession(command: string, isRootUser: boolean): Grant {
  if (isRootUser) return 'granted';
  return operations.has(command) ? 'safe' : (ofUsers[command] ?? 'none');
}
