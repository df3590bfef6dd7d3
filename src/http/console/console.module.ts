import { Module } from '@nestjs/common';
import { KeysController } from './access-keys/keys.controller.js';
import { AboutController } from './about/about.controller.js';
import { AccountController } from './account/account.controller.js';
import { ConsoleApi } from './api/console-api.js';
import { AssetsController } from './assets/assets.controller.js';
import { ConsolePages } from './console-pages.js';
import { LoginController } from './login/login.controller.js';
import { NotFoundController } from './not-found/not-found.controller.js';
import { OverviewController } from './overview/overview.controller.js';
import { PreferencesController } from './preferences/preferences.controller.js';
import { SessionPagesController } from './sessions/sessions.controller.js';
import { SettingsPagesController } from './settings/settings.controller.js';
import { UserPagesController } from './users/users.controller.js';

/** The console at `/console/`: pages for people, over REST v1. */
@Module({
  controllers: [
    AssetsController,
    LoginController,
    OverviewController,
    KeysController,
    PreferencesController,
    UserPagesController,
    SessionPagesController,
    AccountController,
    SettingsPagesController,
    AboutController,
    NotFoundController,
  ],
  providers: [ConsoleApi, ConsolePages],
  exports: [ConsoleApi],
})
export class ConsoleModule {}
