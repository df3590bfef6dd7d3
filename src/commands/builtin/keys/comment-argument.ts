import { commentPattern, parseHestiaComment } from '../../../keys/access-key.js';
import type { Terminal } from '../../builtin-command.js';

/** The refusal is Hestia's to the letter; where the comment is taken goes to standard error. */
export function readComment(text: string, terminal: Terminal): string {
  try {
    return parseHestiaComment(text);
  } catch (error) {
    if (commentPattern.test(text))
      terminal.say('v-change-access-key ID COMMENT takes any text of one line, up to 200 characters.\n');
    throw error;
  }
}
