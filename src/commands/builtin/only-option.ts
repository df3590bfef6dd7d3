import type { LongOption } from '../builtin-command.js';

/** Of keys and of API roles. */
export const onlyOption: LongOption = {
  name: 'only',
  value: 'NAME=VALUE',
  info: 'what an argument of the commands may be: DOMAIN=example.com,*.example.org; repeated for other names; none. A command without such an argument is denied, unless it is in SAFE',
};
