import { heldTextPattern, maxHeldValues } from '../../catalogue/held-arguments.js';

/** Of one name with its values. */
export const maxHeldText = 16_384;

/** For the OpenAPI document: of keys and of API roles. */
export const heldArguments = {
  type: 'array' as const,
  items: {
    type: 'string' as const,
    pattern: heldTextPattern.source,
    maxLength: maxHeldText,
  },
  nullable: true,
  minItems: 1,
  maxItems: maxHeldValues,
  example: ['DOMAIN=example.com,*.example.org'],
  description:
    'What arguments of the commands may be, by their names in the options of the commands. A command without such an argument is denied, unless it is in `safe`.',
};
