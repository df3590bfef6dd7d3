import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { userNamePattern } from '../../../text/names.js';
import { PageQuery } from '../page.dto.js';

/** Who logs in: `user` and `password`, or the `token` of a link. */
export class LoginInput {
  @ApiPropertyOptional({ maxLength: 100 })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  user?: string;

  @ApiPropertyOptional({ maxLength: 1024, format: 'password' })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  password?: string;

  @ApiPropertyOptional({ maxLength: 100, description: 'What stands behind `token=` in a login link.' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  token?: string;
}

export class SessionQuery extends PageQuery {
  @ApiPropertyOptional({ pattern: userNamePattern.source, maxLength: 30 })
  @IsOptional()
  @Matches(userNamePattern, { message: 'expected the name of a user' })
  user?: string;
}
