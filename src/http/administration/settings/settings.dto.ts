import { ApiProperty, ApiPropertyOptional } from '../../openapi/describe.js';
import { IsBoolean, IsIn, ValidateIf } from 'class-validator';

/** By the values of API_SYSTEM. */
export const accessKeyApiStates = ['off', 'root_user', 'all_users'] as const;

export class SettingsDto {
  @ApiProperty({ description: 'API: legacy keys and passwords of the root user.' })
  isLegacyApiOn!: boolean;

  @ApiProperty({ enum: accessKeyApiStates, description: 'API_SYSTEM: whose access keys may be used.' })
  accessKeyApi!: (typeof accessKeyApiStates)[number];

  @ApiProperty({ description: 'DEMO_MODE: every change is refused, decisions go on.' })
  isReadOnly!: boolean;

  @ApiProperty({ description: 'Set by HEARTHKEY_ROOT_USER.' })
  rootUser!: string;
}

const isSent = (_: unknown, value: unknown): boolean => value !== undefined;

export class SettingsPatch {
  @ApiPropertyOptional()
  @ValidateIf(isSent)
  @IsBoolean()
  isLegacyApiOn?: boolean;

  @ApiPropertyOptional({ enum: accessKeyApiStates })
  @ValidateIf(isSent)
  @IsIn(accessKeyApiStates)
  accessKeyApi?: (typeof accessKeyApiStates)[number];

  @ApiPropertyOptional()
  @ValidateIf(isSent)
  @IsBoolean()
  isReadOnly?: boolean;
}
