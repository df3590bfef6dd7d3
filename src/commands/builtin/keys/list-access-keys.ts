import type { AccessKeyPart } from '../../../keys/listing/access-key-list.js';
import type { Users } from '../../../users/users.js';
import type { BuiltinCommand, LongOption } from '../../builtin-command.js';
import { resultOf } from '../../long-output.js';
import { parseFormat } from '../../output-formats.js';
import { warnOfUnknownUser } from '../users/unknown-user.js';
import { formatKeysInParts, shownTo } from './access-key-output.js';
import { keyPageOptions, listKeyPages, type KeyPageParts } from './key-pages.js';

export const long: LongOption = {
  name: 'long',
  info: 'show end, addresses, limit, state and last use too; json always has those that are set',
};

/** `v-list-access-keys`: pages for people, and whole lists for scripts, as they are read. */
export function listKeys({ keys, list }: KeyPageParts, users: Users): BuiltinCommand {
  return {
    name: 'v-list-access-keys',
    info: 'list access keys, of one user or of all',
    options: '[USER] [FORMAT]',
    longOptions: [long, ...keyPageOptions],
    argumentHelp: { USER: { info: "whose keys; empty or '': of all users" } },
    examples: [
      'v-list-access-keys',
      'v-list-access-keys alice json',
      "v-list-access-keys '' plain",
      'v-list-access-keys alice --long',
    ],
    changes: false,
    async run(invocation) {
      const page = await listKeyPages({ keys, list }, invocation);
      if (page !== undefined) return page;
      const { args, options, terminal, caller } = invocation;
      const [user = '', format] = args;
      const outputFormat = parseFormat(format);
      const isLong = options.has('long');
      const parts = list.parts(user === '' ? undefined : user, isLong || outputFormat === 'json');
      const known = user === '' ? parts : whereNone(parts, () => warnOfUnknownUser(users, user, terminal));
      const texts = formatKeysInParts(known, outputFormat, { isLong, ...shownTo(caller) });
      return resultOf(texts, outputFormat === 'json' ? 'json' : 'text');
    },
  };
}

/** Says so where a list has nothing in it. */
async function* whereNone(
  parts: AsyncIterable<AccessKeyPart>,
  tell: () => Promise<void>,
): AsyncGenerator<AccessKeyPart, void> {
  let isEmpty = true;
  for await (const part of parts) {
    if (part.keys.length > 0) isEmpty = false;
    yield part;
  }
  if (isEmpty) await tell();
}
