import { Module } from '@nestjs/common';
import { AboutController } from './about/about.controller.js';
import { ChangeKeyController } from './access-keys/change-key.controller.js';
import { DeleteKeyController } from './access-keys/delete-key.controller.js';
import { KeyController } from './access-keys/key.controller.js';
import { KeyUseController } from './access-keys/key-use.controller.js';
import { KeysCsvController } from './access-keys/keys-csv.controller.js';
import { KeysController } from './access-keys/keys.controller.js';
import { NewKeyController } from './access-keys/new-key.controller.js';
import { RotateKeyController } from './access-keys/rotate-key.controller.js';
import { AccountController } from './account/account.controller.js';
import { ConsoleApi } from './api/console-api.js';
import { ApiPageController } from './apis/api.controller.js';
import { ApisPageController } from './apis/apis.controller.js';
import { ChangeApiController } from './apis/change-api.controller.js';
import { NewApiController } from './apis/new-api.controller.js';
import { ApprovalPagesController } from './approvals/approvals.controller.js';
import { AssetsController } from './assets/assets.controller.js';
import { CallersController } from './callers/callers.controller.js';
import { ConsolePages } from './console-pages.js';
import { DoctorController } from './doctor/doctor.controller.js';
import { LeakController } from './leaks/leak.controller.js';
import { LoginController } from './login/login.controller.js';
import { NotFoundController } from './not-found/not-found.controller.js';
import { LateReads } from './late-reads.js';
import { OverviewController } from './overview/overview.controller.js';
import { PreferencesController } from './preferences/preferences.controller.js';
import { EventController } from './record/event.controller.js';
import { RecordController } from './record/record.controller.js';
import { VerificationController } from './record/verification.controller.js';
import { SessionPagesController } from './sessions/sessions.controller.js';
import { UndoController } from './undo/undo.controller.js';
import { SettingsPagesController } from './settings/settings.controller.js';
import { UserPagesController } from './users/users.controller.js';

const keyControllers = [
  ...[KeysController, KeysCsvController, NewKeyController, KeyController],
  ...[ChangeKeyController, RotateKeyController, DeleteKeyController],
  ...[KeyUseController, LeakController],
];

const apiControllers = [ApisPageController, NewApiController, ApiPageController, ChangeApiController];

/** The console at `/console/`: pages for people, over REST v1. */
@Module({
  controllers: [
    ...[AssetsController, LoginController, OverviewController, PreferencesController],
    ...keyControllers,
    ...apiControllers,
    ...[RecordController, VerificationController, EventController, CallersController, DoctorController],
    ...[UserPagesController, SessionPagesController, AccountController, SettingsPagesController],
    ApprovalPagesController,
    ...[AboutController, UndoController, NotFoundController],
  ],
  providers: [ConsoleApi, ConsolePages, LateReads],
  exports: [ConsoleApi],
})
export class ConsoleModule {}
