import { ApiProperty, ApiPropertyOptional } from '../../openapi/describe.js';
import { IsBoolean, IsIn, IsString, Matches, MaxLength, ValidateIf } from 'class-validator';
import { userNamePattern } from '../../../text/names.js';
import {
  emailPattern,
  packagePattern,
  passwordLength,
  personNamePattern,
  parseEmail,
  parsePackage,
  parsePassword,
  parsePersonName,
  userRoles,
  type UserRole,
} from '../../../users/user.js';
import { Parses } from '../parses.js';
import { MayBeAbsent } from '../may-be-absent.js';

const password = {
  minLength: passwordLength.min,
  maxLength: passwordLength.max,
  pattern: '^[^\\u0000-\\u001f\\u007f]*$',
  format: 'password',
};

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

  @ApiProperty({
    enum: userRoles,
    description: '`admin`: the root user, or an administrator, whose keys may use `admin` roles.',
  })
  role!: UserRole;

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

  @ApiProperty(password)
  @IsString()
  @Parses(parsePassword)
  password!: string;

  @ApiProperty({ pattern: emailPattern.source, maxLength: 254, example: 'alice@example.com' })
  @IsString()
  @Parses(parseEmail)
  email!: string;

  @ApiPropertyOptional({ pattern: packagePattern.source, default: 'default', maxLength: 64 })
  @MayBeAbsent()
  @IsString()
  @Parses(parsePackage)
  package?: string;

  @ApiPropertyOptional({ pattern: personNamePattern.source, maxLength: 64 })
  @MayBeAbsent()
  @IsString()
  @MaxLength(64)
  @Parses((text) => parsePersonName('first name', text))
  firstName?: string;

  @ApiPropertyOptional({ pattern: personNamePattern.source, maxLength: 64 })
  @MayBeAbsent()
  @IsString()
  @MaxLength(64)
  @Parses((text) => parsePersonName('last name', text))
  lastName?: string;
}

export class PasswordInput {
  @ApiProperty(password)
  @IsString()
  @Parses(parsePassword)
  password!: string;
}

export class UserRoleInput {
  @ApiProperty({ enum: userRoles })
  @IsIn(userRoles)
  role!: UserRole;
}

export class UserLoginInput {
  @ApiProperty({ description: 'Whether the user may log in with a password.' })
  @ValidateIf(() => true)
  @IsBoolean()
  isDisabled!: boolean;
}
