import { registerDecorator, type ValidationOptions } from 'class-validator';
import { AppError } from '../../errors.js';

/**
 * A field that has to be what a parser of the domain takes, so that REST v1 and the command line have one rule. The
 * parser's own words are the message.
 */
export function Parses(parse: (text: string) => unknown, options: ValidationOptions = {}): PropertyDecorator {
  return (target, property) => {
    let message = '';
    registerDecorator({
      name: 'parses',
      target: target.constructor,
      propertyName: String(property),
      options,
      validator: {
        validate: (value: unknown) => {
          const refusal = typeof value === 'string' ? refusalOf(parse, value) : 'expected a text';
          if (refusal !== '') message = refusal;
          return refusal === '';
        },
        // Asked for right after `validate` has said no, of a list to one of its items.
        defaultMessage: () => message,
      },
    });
  };
}

function refusalOf(parse: (text: string) => unknown, value: string): string {
  try {
    parse(value);
    return '';
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}
