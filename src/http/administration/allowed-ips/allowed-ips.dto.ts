import { ApiProperty } from '../../openapi/describe.js';
import { IsString, MaxLength } from 'class-validator';
import { Parses } from '../parses.js';
import { requireEntry } from './require-entry.js';

export class AllowedIpsDto {
  @ApiProperty({ type: [String], description: 'Addresses, ranges, or allow-all; empty: nobody.' })
  items!: string[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The address that this request was seen from; null: none is known.',
  })
  requestSeenFrom!: string | null;
}

export class AllowedIpInput {
  @ApiProperty({ format: 'ip-or-range', maxLength: 49, example: '203.0.113.0/24' })
  @IsString()
  @MaxLength(49)
  @Parses(requireEntry)
  address!: string;
}

export class AllowedIpDto {
  @ApiProperty({ description: 'The one spelling that is kept: a range has no host bits.' })
  address!: string;
}

export class RefusedAddressDto {
  @ApiProperty()
  address!: string;

  @ApiProperty({ type: 'integer', description: 'How many requests from there were refused.' })
  count!: number;

  @ApiProperty({ format: 'date-time' })
  lastAt!: string;
}

export class RefusedAddressesDto {
  @ApiProperty({ type: [RefusedAddressDto], description: 'Those of the last hour, the latest first.' })
  items!: RefusedAddressDto[];
}
