import { ApiProperty, ApiPropertyOptional } from '../../openapi/describe.js';
import { IsBoolean, IsOptional, IsString, Matches, MaxLength, ValidateIf } from 'class-validator';
import { userNamePattern } from '../../../text/names.js';
import { parseEmail, parsePackage, parsePassword, parsePersonName } from '../../../users/user.js';
import { Parses } from '../parses.js';

/** A user as the panel that supplies them, or Hearthkey, lists it. */
export class UserDto {
  @ApiProperty({ pattern: userNamePattern.source })
  name!: string;

  @ApiProperty()
  fullName!: string;

  @ApiProperty()
  email!: string;

  @ApiProperty()
  package!: string;

  @ApiProperty({ description: 'Whether it is the root user.' })
  isRootUser!: boolean;

  @ApiProperty()
  isSuspended!: boolean;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  createdAt!: string | null;
}

export class UserListDto {
  @ApiProperty({ type: [UserDto] })
  items!: UserDto[];
}

export class NewUserInput {
  @ApiProperty({ pattern: userNamePattern.source, maxLength: 30 })
  @IsString()
  @Matches(userNamePattern, { message: 'expected a name of letters, digits, _, . and -' })
  name!: string;

  @ApiProperty({ minLength: 6, maxLength: 256 })
  @IsString()
  @Parses(parsePassword)
  password!: string;

  @ApiProperty({ format: 'email', maxLength: 254 })
  @IsString()
  @Parses(parseEmail)
  email!: string;

  @ApiPropertyOptional({ default: 'default', maxLength: 64 })
  @IsOptional()
  @IsString()
  @Parses(parsePackage)
  package?: string;

  @ApiPropertyOptional({ maxLength: 64 })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  @Parses((text) => parsePersonName('first name', text))
  firstName?: string;

  @ApiPropertyOptional({ maxLength: 64 })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  @Parses((text) => parsePersonName('last name', text))
  lastName?: string;
}

export class PasswordInput {
  @ApiProperty({ minLength: 6, maxLength: 256 })
  @IsString()
  @Parses(parsePassword)
  password!: string;
}

export class LoginInput {
  @ApiProperty({ description: 'Whether the user may log in with a password.' })
  @ValidateIf(() => true)
  @IsBoolean()
  isDisabled!: boolean;
}
