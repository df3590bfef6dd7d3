import type { CommandHelp } from './command-help.js';

/** What the command line does by itself, without asking the service. */
export const clientCommands: readonly CommandHelp[] = [
  {
    name: 'serve',
    program: 'hearthkey serve',
    info: 'run the service until SIGTERM or SIGINT; settings are variables HEARTHKEY_…, see docs/configuration.md',
    usage: 'hearthkey serve',
    arguments: [],
    options: [],
    exitCodes: [
      { code: 0, meaning: 'stopped in order' },
      { code: 1, meaning: "a setting is not valid, or something that is needed can't be used" },
    ],
    examples: ['hearthkey serve', 'HEARTHKEY_LISTEN=127.0.0.1:8183 hearthkey serve'],
    notes: [
      'SIGHUP reads the TLS certificate anew. At a terminal, a second Ctrl-C ends the service at once, while commands still run.',
    ],
  },
  {
    name: 'setup',
    program: 'hearthkey setup',
    info: 'set this machine up: beside a Hestia server, in front of a panel, standalone or as one more node; or undo it',
    usage: 'hearthkey setup [KIND] [OPTION]…',
    arguments: [
      {
        name: 'KIND',
        isRequired: false,
        info: 'the kind of set-up; asked for where it is not given',
        values: ['beside-hestia', 'in-front', 'standalone', 'join'],
      },
    ],
    options: [
      { name: 'dry-run', isRequired: false, info: 'check, and print the steps; change nothing' },
      { name: 'yes', isRequired: false, info: 'do not ask before the first step' },
      { name: 'undo', isRequired: false, info: 'bring everything back that set-ups have changed' },
    ],
    exitCodes: [
      { code: 0, meaning: 'done' },
      { code: 1, meaning: 'arguments are wrong, or it was not confirmed' },
      { code: 13, meaning: 'a step failed; those before it were undone' },
    ],
    examples: ['hearthkey setup beside-hestia --dry-run', 'hearthkey setup --undo'],
    notes: ['hearthkey setup --help has the options of each kind.'],
  },
  {
    name: 'leak-scan',
    program: 'hearthkey leak-scan',
    info: 'find access keys and legacy keys in files, archives and git histories, and ask the service whether they count',
    usage: 'hearthkey leak-scan PATH…|- [OPTION]…',
    arguments: [
      {
        name: 'PATH',
        isRequired: true,
        info: 'a file, or a folder with all that is below it; - reads standard input',
      },
    ],
    options: [
      {
        name: 'format',
        value: 'FORMAT',
        isRequired: false,
        info: 'plain (cells between tabs), json or csv: file, line, commit, kind, key, user, secret, state; plain unless given',
      },
      { name: 'quiet', isRequired: false, info: 'say nothing of progress, only what could not be read' },
    ],
    exitCodes: [
      { code: 0, meaning: 'nothing was found' },
      { code: 1, meaning: 'a secret was found that counts' },
      {
        code: 2,
        meaning:
          'the scan could not be made to its end: a wrong option, the service refused, or something broke',
      },
      { code: 3, meaning: 'secrets were found, and none of them counts, as far as is known' },
      { code: 4, meaning: 'nothing was found, and not everything could be read' },
    ],
    examples: [
      'hearthkey leak-scan /var/www /home/alice/panel.git',
      'git diff --cached | hearthkey leak-scan - --quiet     # in a pre-commit hook',
      'hearthkey leak-scan . --format csv > found.csv',
    ],
    notes: [
      'Only the beginning of a secret is printed. Standard error says what could not be read, and how far the scan is.',
      'Without a service on this machine, secrets are told by their checksum, and their state is unknown.',
      'Symbolic links are followed only where PATH names them. Read are tar, gzip and zip, also in one another, names of files and folders, and all objects of git repositories.',
    ],
  },
  {
    name: 'help',
    program: 'hearthkey help',
    info: 'print the help of a command, or list all commands; needs no running service',
    usage: 'hearthkey help [COMMAND] [--json]',
    arguments: [{ name: 'COMMAND', isRequired: false, info: 'the name of a command; empty: list all' }],
    options: [{ name: 'json', isRequired: false, info: 'print the help as JSON, for programs' }],
    exitCodes: [
      { code: 0, meaning: 'done' },
      { code: 3, meaning: 'there is no such command' },
    ],
    examples: ['hearthkey help', 'hearthkey help v-add-access-key', 'hearthkey help --json'],
    notes: [],
  },
  {
    name: 'completion',
    program: 'hearthkey completion',
    info: 'print the completion for a shell',
    usage: 'hearthkey completion SHELL',
    arguments: [{ name: 'SHELL', isRequired: true, info: 'the shell', values: ['bash'] }],
    options: [],
    exitCodes: [
      { code: 0, meaning: 'done' },
      { code: 1, meaning: 'arguments are missing' },
      { code: 15, meaning: 'the service does not answer' },
    ],
    examples: ['source <(hearthkey completion bash)'],
    notes: [],
  },
];
