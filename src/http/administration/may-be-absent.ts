import { ValidateIf } from 'class-validator';

/** A field that need not be sent. class-validator's `IsOptional` would let null pass for every type. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}
