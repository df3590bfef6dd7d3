/**
 * Manual pages of section 8, from the help of the command line (dist/cli/help.json).
 *
 * @returns one for `hearthkey`, and one for each command
 */
export function manualPages(help, { version, epoch }) {
  const day = new Date(epoch * 1000).toISOString().slice(0, 10);
  const head = (name) => `.TH ${name.toUpperCase()} 8 "${day}" "Hearthkey ${version}" "Hearthkey"\n`;
  const pages = help.commands.map((command) => {
    const name = pageName(command);
    return { name, text: head(name) + commandPage(command, name) };
  });
  return [{ name: 'hearthkey', text: head('hearthkey') + overviewPage(help.commands) }, ...pages];
}

/** `v-…` commands have programs of their own; the others are words of `hearthkey`. */
export function pageName({ name }) {
  return name.startsWith('v-') ? name : `hearthkey-${name}`;
}

function commandPage(command, name) {
  return [
    ...section('NAME', [`${text(name)} \\- ${text(command.info)}`]),
    ...section('SYNOPSIS', ['.nf', `\\fB${text(command.usage)}\\fR`, '.fi']),
    ...section('ARGUMENTS', command.arguments.flatMap(argumentLines)),
    ...section('OPTIONS', command.options.flatMap(optionLines)),
    ...section(
      'EXIT STATUS',
      command.exitCodes.flatMap(({ code, meaning }) => item(String(code), meaning)),
    ),
    ...section('EXAMPLES', examples(command.examples)),
    ...section(
      'NOTES',
      command.notes.flatMap((note) => ['.PP', text(note)]),
    ),
    ...section('SEE ALSO', ['.BR hearthkey (8)']),
    '',
  ].join('\n');
}

function overviewPage(commands) {
  return [
    ...section('NAME', ['hearthkey \\- access keys, API roles and an audited gateway for hosting panels']),
    ...section('SYNOPSIS', [
      '.nf',
      '\\fBhearthkey\\fR COMMAND [ARGUMENT]...',
      '\\fBhearthkey \\-\\-version\\fR',
      '.fi',
    ]),
    ...section('DESCRIPTION', [
      text(
        'The command line sends its words to the running service. Without a setting it finds the service of this machine.',
      ),
      text('The programs v-... are in /usr/lib/hearthkey/bin. "hearthkey v-..." runs the same.'),
    ]),
    ...section(
      'COMMANDS',
      commands.flatMap((command) => [...item(command.name, command.info)]),
    ),
    ...section('FILES', [
      ...item('/etc/hearthkey/hearthkey.env', 'settings; lines HEARTHKEY_...=value'),
      ...item('/var/lib/hearthkey', 'the data directory'),
      ...item('/run/hearthkey', 'running services, by which the command line finds them; sockets'),
      ...item('/usr/share/doc/hearthkey', 'the documentation; configuration.md has all settings'),
    ]),
    ...section('ENVIRONMENT', [
      ...item('HEARTHKEY_SOCKET', 'the admin socket of the service that is meant'),
      ...item('HEARTHKEY_DATA_DIR', 'its data directory'),
    ]),
    '',
  ].join('\n');
}

function section(title, lines) {
  return lines.length === 0 ? [] : [`.SH ${title}`, ...lines];
}

function item(term, meaning) {
  return ['.TP', `\\fB${text(term)}\\fR`, text(meaning)];
}

function argumentLines({ name, isRequired, info, values }) {
  const meaning = values === undefined ? info : `${info}. One of: ${values.join(', ')}`;
  return item(isRequired ? name : `[${name}]`, meaning);
}

function optionLines({ name, value = '', info }) {
  return item(`--${name} ${value}`.trim(), info);
}

function examples(lines) {
  return ['.nf', ...lines.map(text), '.fi'];
}

/** A text for troff: nothing in it is a request, and each hyphen stays one that can be pasted. */
function text(words) {
  return words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('…', '...')
    .replace(/^([.'])/, '\\&$1');
}
