import { ApiPropertyOptional } from '../openapi/describe.js';
import { Type } from 'class-transformer';
import { IsInt, Matches, Max, MaxLength, Min } from 'class-validator';
import { MayBeAbsent } from './may-be-absent.js';

const longestCursor = 600;
const mostItems = 1000;
export const defaultItems = 100;

/** How far a list is read: each page names the next one. */
export class PageQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: mostItems, default: defaultItems })
  @MayBeAbsent()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(mostItems)
  limit: number = defaultItems;

  @ApiPropertyOptional({ description: 'The `next` of the page before.', maxLength: longestCursor })
  @MayBeAbsent()
  @MaxLength(longestCursor)
  @Matches(/^[A-Za-z0-9_-]+$/, { message: 'expected the `next` of the page before' })
  cursor?: string;
}
