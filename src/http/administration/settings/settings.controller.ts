import { Body, Get, Inject, Patch, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation } from '../../openapi/describe.js';
import type { FastifyRequest } from 'fastify';
import { requireEverythingOrSafe } from '../../../commands/builtin-command.js';
import { requireCallerStaysIn } from '../../../commands/shut-out.js';
import type { Config } from '../../../config/config.js';
import { CONFIG } from '../../../config/config.module.js';
import { ChangeSettings, type SettingChanges } from '../../../settings/change-settings.js';
import { AdministrationController, UsesCommand } from '../operation.js';
import { UseCases } from '../use-cases.js';
import { accessKeyApiStates, SettingsDto, SettingsPatch } from './settings.dto.js';

/** `/v1/settings`: the switches. API_ALLOWED_IP is `/v1/allowed-ips`. */
@AdministrationController('/v1/settings', 'Settings')
export class SettingsController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(ChangeSettings) private readonly settings: ChangeSettings,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @UsesCommand('v-list-sys-config')
  @ApiOperation({ operationId: 'readSettings', summary: 'Read the switches' })
  @ApiOkResponse({ type: SettingsDto })
  async read(@Req() request: FastifyRequest): Promise<SettingsDto> {
    return this.useCases.run(request, [], () => this.show());
  }

  @Patch()
  @UsesCommand('v-change-sys-config-value')
  @ApiOperation({
    operationId: 'changeSettings',
    summary: 'Change switches, all in one step',
    description: 'A merge patch (RFC 7396). A change that would lock out its own caller is refused.',
  })
  @ApiConsumes('application/merge-patch+json', 'application/json')
  @ApiBody({ type: SettingsPatch })
  @ApiOkResponse({ type: SettingsDto })
  async change(@Req() request: FastifyRequest, @Body() patch: SettingsPatch): Promise<SettingsDto> {
    const wanted = readPatch(patch);
    const lines = Object.entries(wanted).map(([name, value]) => [name, String(value)]);
    return this.useCases.run(
      request,
      lines.flat(),
      async ({ caller, origin }) => {
        requireEverythingOrSafe(caller);
        if (Object.keys(wanted).length > 0)
          await this.settings.apply(wanted, origin, requireCallerStaysIn(caller, this.config.rootUser));
        return this.show();
      },
      lines,
    );
  }

  private async show(): Promise<SettingsDto> {
    const { API, API_SYSTEM, DEMO_MODE } = await this.settings.current();
    return {
      isLegacyApiOn: API === 'yes',
      accessKeyApi: accessKeyApiStates[Number(API_SYSTEM)] ?? 'off',
      isReadOnly: DEMO_MODE === 'yes',
      rootUser: this.config.rootUser,
    };
  }
}

function readPatch({ isLegacyApiOn, accessKeyApi, isReadOnly }: SettingsPatch): SettingChanges {
  const yesOrNo = (value: boolean): string => (value ? 'yes' : 'no');
  return {
    ...(isLegacyApiOn !== undefined && { API: yesOrNo(isLegacyApiOn) }),
    ...(accessKeyApi !== undefined && { API_SYSTEM: String(accessKeyApiStates.indexOf(accessKeyApi)) }),
    ...(isReadOnly !== undefined && { DEMO_MODE: yesOrNo(isReadOnly) }),
  };
}
