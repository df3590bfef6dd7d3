/** What an argument means, and which words it takes where it takes only some. */
export interface ArgumentHelp {
  info: string;
  values?: readonly string[];
}

/**
 * The arguments of the commands, by the name that stands in the usage line. Where a command means something else by a
 * name, it says so itself (`argumentHelp`).
 */
export const commonArguments: Readonly<Record<string, ArgumentHelp>> = {
  ACCESS_KEY_ID: { info: 'the ID of an access key: 20 letters and digits, as v-list-access-keys shows it' },
  API: { info: 'the name of an API role: letters, digits, _ and -; v-list-apis lists them' },
  APPROVAL_ID: { info: 'the ID of a change that waits, as v-list-approvals shows it' },
  'ARGS...': { info: 'the arguments that the command would get' },
  COMMAND: { info: 'the name of a command, such as v-list-users' },
  COMMANDS: { info: 'the names of the commands that the role grants, with commas between them' },
  COMMENT: {
    info: 'what the key is for: 2 to 66 letters, digits, blanks, emoji and . _ - ( ) # & + , (v-change-access-key takes any text)',
  },
  CONTENT: { info: 'what is written to the file' },
  EMAIL: { info: 'the address for mail to the user' },
  FILE: { info: 'a path; a relative one starts at the current directory' },
  FORMAT: {
    info: 'how the output looks: tables for people (shell), JSON, or cells between tabs (plain); empty: shell',
    values: ['shell', 'json', 'plain'],
  },
  IP: { info: 'a client address, IPv4 or IPv6' },
  LASTNAME: { info: 'the last name of the person, or the name of the firm' },
  PACKAGE: { info: 'the name of a hosting package: letters, digits and _ . -' },
  PASSWORD: { info: 'the password, 6 to 256 characters; - asks for it, or reads it from standard input' },
  PASSKEY_ID: { info: 'the ID of a passkey: 24 letters and digits, as v-list-passkeys shows it' },
  PERMISSIONS: {
    info: "names of API roles with commas between them; '' means every command, for the root user only",
  },
  RESTART: { info: 'taken for the sake of clients of Hestia, and ignored' },
  ROLE: {
    info: 'whose keys may have the API: admin (the root user only) or user',
    values: ['admin', 'user'],
  },
  SAFE: {
    info: 'those of COMMANDS that may be run without a USER argument, or by a restricted key, with commas between them',
  },
  SECRET_ACCESS_KEY: { info: 'the secret, 40 characters; - asks for it, or reads it from standard input' },
  SESSION_ID: { info: 'the ID of a session: 24 letters and digits, as v-list-sessions shows it' },
  USER: { info: 'the name of a user' },
};
