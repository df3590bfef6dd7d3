import { Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConsoleController } from '../console-controller.js';
import { FormFields } from '../form-fields.js';
import { isLanguage } from '../languages.js';
import { ownPath } from '../own-path.js';
import { isTheme, readPreferences, writePreferences } from './preferences.js';

/** `POST /console/preferences`: the language and the appearance of this browser. */
@ConsoleController('/console/preferences')
export class PreferencesController {
  @Post()
  choose(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const form = new FormFields(request.body);
    const chosen = readPreferences(request.headers);
    const [language, theme] = [form.text('language'), form.text('theme')];
    if (isLanguage(language)) chosen.language = language;
    if (isTheme(theme)) chosen.theme = theme;
    void reply.header('Set-Cookie', writePreferences(chosen)).redirect(ownPath(form.text('next')), 303);
  }
}
