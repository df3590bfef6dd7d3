/** Where a step finds what it goes by, in English. */
export const sourceTexts = {
  none: () => '-',
  request: () => 'the request',
  setting: ({ name, value }: { name: string; value: string }) => (value === '' ? name : `${name} ${value}`),
  key: ({ id }: { id: string }) => `access key ${id}`,
  attempts: () => 'failed attempts',
  key_state: () => 'the key: suspended',
  key_field: ({ field }: { field: string }) => `the key: ${field}`,
  catalogue: () => 'v-list-commands',
  user: ({ user }: { user: string }) => `user ${user}`,
  command: ({ command, options }: { command: string; options: string }) =>
    `${command}: ${options || 'no arguments'}`,
  files: ({ files }: { files: readonly string[] }) => files.join(', ') || '-',
};

/** What would change a denial, in English. Commands stand in it as they can be pasted. */
export const remedyTexts = {
  /** Each of them alone. */
  commands: ({ commands }: { commands: readonly string[] }) => commands.join(', or '),
  /** The first alone would allow nothing. */
  commands_in_turn: ({ commands }: { commands: readonly string[] }) => commands.join(', then '),
  other_command: () => 'another command (v-list-commands)',
  other_key: () => 'another key (v-list-access-keys), or a new one (v-add-access-key --help)',
  own_address: () => "the client's own address in API_ALLOWED_IP",
  wait: ({ command }: { command: string }) => `to wait, or ${command}`,
  add_user: ({ user }: { user: string }) => `a user ${user} (v-add-user --help)`,
  argument: ({ at, user }: { at: readonly number[]; user: string }) =>
    `argument ${at.map(String).join(' and ')} as ${user}`,
  held_arguments: ({ command }: { command: string }) =>
    command === '' ? 'other arguments' : `other arguments, or ${command}`,
  other_user: () => 'another user as the argument',
  root_key: () => 'a key of the root user without permissions and limits',
  role_with_safe: () => 'a role of the key that has it in SAFE, too: see permission',
};
