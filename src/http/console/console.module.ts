import { Module } from '@nestjs/common';
import { KeysController } from './access-keys/keys.controller.js';
import { ConsoleApi } from './api/console-api.js';
import { AssetsController } from './assets/assets.controller.js';
import { CallersController } from './callers/callers.controller.js';
import { ConsolePages } from './console-pages.js';
import { DoctorController } from './doctor/doctor.controller.js';
import { LoginController } from './login/login.controller.js';
import { OverviewController } from './overview/overview.controller.js';
import { PreferencesController } from './preferences/preferences.controller.js';
import { EventController } from './record/event.controller.js';
import { RecordController } from './record/record.controller.js';
import { VerificationController } from './record/verification.controller.js';

/** The console at `/console/`: pages for people, over REST v1. */
@Module({
  controllers: [
    ...[AssetsController, LoginController, OverviewController, KeysController, PreferencesController],
    ...[RecordController, VerificationController, EventController, CallersController, DoctorController],
  ],
  providers: [ConsoleApi, ConsolePages],
  exports: [ConsoleApi],
})
export class ConsoleModule {}
