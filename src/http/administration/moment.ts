import { applyDecorators } from '@nestjs/common';
import { IsISO8601, Matches } from 'class-validator';

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** A field with a moment in RFC 3339 that the calendar has. */
export function IsMoment(): PropertyDecorator {
  return applyDecorators(
    Matches(rfc3339, { message: 'expected a time such as 2027-01-31T12:00:00Z' }),
    IsISO8601({ strict: true }, { message: 'expected a moment that exists' }),
  );
}

/** RFC 3339 in UTC. */
export function momentOf(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

export function momentOrNull(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : momentOf(timeMs);
}
