import type { CommandListDto } from '../../administration/insight/insight.dto.js';
import type { ApiCalls } from '../api/console-api.js';
import type { Page } from '../page.js';

export interface ExampleCommand {
  command: string;
  args: readonly string[];
}

/**
 * A command that the key may run and that needs nothing but its user, for a sample that works as it stands.
 *
 * @param granted - undefined: every command
 * @returns undefined where there is none, and where the reader may not see the commands
 */
export async function exampleCommand(
  { api, session }: Pick<Page, 'api' | 'session'>,
  granted: ReadonlySet<string> | undefined,
  user: string,
): Promise<ExampleCommand | undefined> {
  if (!session.isRootUser) return undefined;
  const { items } = await readingCommands(api);
  const found = items.find(({ name, options, onlyReads }) => {
    const needed = options.split(' ').filter((word) => word !== '' && !word.startsWith('['));
    return onlyReads && (granted?.has(name) ?? true) && needed.every((word) => word === 'USER');
  });
  if (found === undefined) return undefined;
  const isAboutUser = /^USER(?: |$)/.test(found.options);
  return { command: found.name, args: isAboutUser ? [user] : [] };
}

function readingCommands(api: ApiCalls): Promise<CommandListDto> {
  return api.get('/v1/commands', { text: 'v-list-user' });
}
