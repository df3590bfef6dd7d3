import { Transform } from 'class-transformer';

/** `true` and `false` of a query as what they are; any other text stays one, and is refused. */
export function ReadsBoolean(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    value === 'true' ? true : value === 'false' ? false : value,
  );
}
