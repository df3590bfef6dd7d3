import { clientRoles } from '../apis/client-roles.js';
import type { RoleDirectory } from '../apis/role-directory.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { AccessKeyList } from '../keys/listing/access-key-list.js';
import { allowedSettingValues, isSettingName, settingDefaults } from '../settings/settings.js';
import type { Users } from '../users/users.js';
import type { CommandRegistry } from './registry.js';

export interface CompletionParts {
  registry: CommandRegistry;
  catalogue: Catalogue;
  users: Users;
  keys: Pick<AccessKeyList, 'idsWith'>;
  roles: RoleDirectory;
}

const own = ['serve', 'completion', 'import', 'backup', 'restore', 'doctor', 'login-link'];

/** What may stand where the cursor is: for the shell's completion. */
export class Completion {
  constructor(private readonly parts: CompletionParts) {}

  /** @param words - the command and its words up to the cursor; the last one is still being typed */
  async candidates(words: readonly string[]): Promise<string[]> {
    const [name = '', ...args] = words[0] === 'hearthkey' ? words.slice(1) : words;
    const typed = args.at(-1) ?? name;
    const all = args.length === 0 ? this.commandNames() : await this.forArgument(name, args);
    return all.filter((candidate) => candidate.startsWith(typed));
  }

  /** A bash script that completes every command of Hearthkey by asking the service. */
  bashScript(): string {
    const names = this.parts.registry.list().map((command) => command.name);
    return `${[
      '# bash completion for Hearthkey; load it with: source <(hearthkey completion bash)',
      '_hearthkey() {',
      '  local IFS=$\'\\n\' words=("${COMP_WORDS[@]:1:COMP_CWORD}")',
      '  COMPREPLY=($(hearthkey complete "${COMP_WORDS[0]##*/}" "${words[@]}" 2>/dev/null))',
      '}',
      `complete -F _hearthkey hearthkey ${names.join(' ')}`,
    ].join('\n')}\n`;
  }

  private commandNames(): string[] {
    return [...own, ...this.parts.registry.list().map((command) => command.name)];
  }

  private async forArgument(name: string, args: readonly string[]): Promise<string[]> {
    const command = this.parts.registry.find(name);
    if (command === undefined) return name === 'completion' ? ['bash'] : [];
    if (args.at(-1)?.startsWith('--') === true) {
      return (command.longOptions ?? []).map((option) => `--${option.name}`);
    }
    if (name === 'v-add-api' && args.at(-2) === '--from') return Object.keys(clientRoles);
    const word = command.options.split(/\s+/)[args.length - 1] ?? '';
    return this.forOption(word.replace(/[[\]]/g, ''), args);
  }

  private async forOption(option: string, args: readonly string[]): Promise<string[]> {
    const { users, keys, roles, catalogue } = this.parts;
    switch (option) {
      case 'USER':
        return (await users.list()).map((user) => user.name);
      case 'ACCESS_KEY_ID':
        return keys.idsWith(args.at(-1) ?? '');
      case 'API':
      case 'PERMISSIONS':
        return roles.list().map((api) => api.name);
      case 'COMMAND':
        return catalogue.list().map((command) => command.name);
      case 'FORMAT':
        return ['shell', 'json', 'plain'];
      case 'ROLE':
        return ['admin', 'user'];
      case 'STATUS':
        return ['enable', 'disable', 'remove'];
      case 'VERSION':
        return ['legacy', 'api', 'all'];
      case 'KEY':
        return [...Object.keys(settingDefaults), 'API_ALLOWED_IP', 'PERMISSIONS', 'COMMENT'];
      case 'VALUE':
        return isSettingName(args.at(-2) ?? '') ? [...allowedSettingValues(args.at(-2) as 'API')] : [];
      default:
        return [];
    }
  }
}
