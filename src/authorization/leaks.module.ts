import { Module } from '@nestjs/common';
import { KeysModule } from '../keys/keys.module.js';
import { RevokeLeaked } from '../keys/leaks/revoke-leaked.js';
import { AuthorizationModule } from './authorization.module.js';
import { AnswerLeak } from './limits/answer-leak.js';
import { FailureLimits } from './limits/failure-limits.js';

@Module({
  imports: [KeysModule, AuthorizationModule],
  providers: [
    {
      provide: AnswerLeak,
      inject: [RevokeLeaked, FailureLimits],
      useFactory: (leaks: RevokeLeaked, failureLimits: FailureLimits) => new AnswerLeak(leaks, failureLimits),
    },
  ],
  exports: [AnswerLeak],
})
export class LeaksModule {}
