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
  'v-list-user': 'granted',
  'v-change-user-password': 'granted',
  'v-list-sessions': 'granted',
  'v-delete-session': 'safe',
  'v-delete-sessions': 'granted',
};

/** What only somebody who has logged in can do, with his own session; no command is behind it. */
const ofSessions = ['read-session', 'log-out'] as const;

export type SessionOperation = (typeof ofSessions)[number];

const operations: ReadonlyMap<string, CommandSpec> = new Map(
  ofSessions.map((name) => [name, { ...describeCommand(name, '', ''), onlyReads: true }]),
);

export function findSessionOperation(name: string): CommandSpec | undefined {
  return operations.get(name);
}

/** Whether a session may run the command: the root user's everything, another's what is about him. */
export function grantOfSession(command: string, isRootUser: boolean): Grant {
  if (isRootUser) return 'granted';
  return operations.has(command) ? 'safe' : (ofUsers[command] ?? 'none');
}
