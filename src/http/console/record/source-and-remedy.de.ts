import type { remedyTexts, sourceTexts } from '../../../authorization/explain/texts/source-and-remedy.js';

/** Where a step finds what it goes by, in German. */
export const germanSources: typeof sourceTexts = {
  none: () => '–',
  request: () => 'die Anfrage',
  setting: ({ name, value }) => (value === '' ? name : `${name} ${value}`),
  key: ({ id }) => `Zugriffsschlüssel ${id}`,
  attempts: () => 'Fehlversuche',
  key_state: () => 'der Schlüssel: gesperrt',
  key_field: ({ field }) => `der Schlüssel: ${field}`,
  catalogue: () => 'v-list-commands',
  user: ({ user }) => `Benutzer ${user}`,
  command: ({ command, options }) => `${command}: ${options || 'ohne Argumente'}`,
  files: ({ files }) => files.join(', ') || '–',
};

/** What would change a denial, in German. */
export const germanRemedies: typeof remedyTexts = {
  commands: ({ commands }) => commands.join(', oder '),
  commands_in_turn: ({ commands }) => commands.join(', dann '),
  other_command: () => 'ein anderer Befehl (v-list-commands)',
  other_key: () => 'ein anderer Schlüssel (v-list-access-keys) oder ein neuer (v-add-access-key --help)',
  own_address: () => 'die Adresse des Programms selbst in API_ALLOWED_IP',
  wait: ({ command }) => `Warten, oder ${command}`,
  add_user: ({ user }) => `ein Benutzer ${user} (v-add-user --help)`,
  argument: ({ at, user }) => `${user} als Argument ${at.map(String).join(' und ')}`,
  held_arguments: ({ command }) =>
    command === '' ? 'andere Argumente' : `andere Argumente, oder ${command}`,
  other_user: () => 'ein anderer Benutzer als Argument',
  root_key: () => 'ein Schlüssel des Root-Benutzers ohne Berechtigungen und Grenzen',
  role_with_safe: () => 'eine Rolle des Schlüssels, die ihn auch in SAFE nennt: siehe Berechtigung',
};
