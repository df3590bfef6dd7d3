import { randomUUID } from 'node:crypto';
import { Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type {
  LegacyKeyListDto,
  NewLegacyKeyDto,
} from '../../administration/legacy-keys/legacy-keys.controller.js';
import type { SettingsDto } from '../../administration/settings/settings.dto.js';
import { CopyBox } from '../components/copy-box.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import { SettingsPage } from './settings-page.js';
import { settingsTexts } from './settings.texts.js';

/** `/console/settings`: read-only mode and legacy keys; what lets callers in is `/console/callers`. */
@ConsoleController('/console/settings')
export class SettingsPagesController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, async ({ api, t }) => {
      const [settings, legacyKeys] = await Promise.all([
        api.get<SettingsDto>('/v1/settings'),
        api.get<LegacyKeyListDto>('/v1/legacy-keys'),
      ]);
      const body = <SettingsPage {...{ settings, legacyKeys: legacyKeys.items, creation: randomUUID() }} />;
      return { title: t(settingsTexts).title, body };
    });
  }

  @Post('read-only')
  async changeReadOnly(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.submit(request, reply, async ({ api }) => {
      await api.patch('/v1/settings', { isReadOnly: true });
      return { goTo: '/console/settings?done=saved' };
    });
  }

  @Post('legacy-keys')
  async makeLegacyKey(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.submit(request, reply, async ({ api, t }, form) => {
      const texts = t(settingsTexts);
      const headers = { 'idempotency-key': form.text('creation') };
      const { key } = await api.post<NewLegacyKeyDto>('/v1/legacy-keys', {}, headers);
      const body = (
        <section class="card narrow" data-once>
          <h1>{texts.made}</h1>
          <p class="notice warn">{texts.madeHint}</p>
          <CopyBox id="legacy-key" label={texts.made} text={key} />
          <a class="button primary" href="/console/settings" data-taken>
            {texts.taken}
          </a>
        </section>
      );
      return { title: texts.made, body };
    });
  }

  @Post('legacy-keys/:legacyKeyId/revoke')
  async revoke(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('legacyKeyId') id: string,
  ): Promise<void> {
    await this.pages.submit(request, reply, async ({ api }) => {
      await api.delete(`/v1/legacy-keys/${encodeURIComponent(id)}`);
      return { goTo: '/console/settings?done=deleted' };
    });
  }
}
