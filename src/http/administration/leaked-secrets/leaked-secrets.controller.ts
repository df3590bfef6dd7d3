import { Body, HttpCode, Inject, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AnswerLeak } from '../../../authorization/limits/answer-leak.js';
import { requireEverything } from '../../../commands/builtin-command.js';
import { parseLeakedSecret } from '../../../keys/leaks/leaked-secret.js';
import type { LeakAnswer, LeakAnswers } from '../../../keys/leaks/revoke-leaked.js';
import { ApiOkResponse, ApiOperation } from '../../openapi/describe.js';
import { AdministrationController, UsesCommand } from '../operation.js';
import { Problem, problemOfDenial } from '../problem.js';
import { whileThere } from '../while-there.js';
import { UseCases } from '../use-cases.js';
import { KeyOfLeakDto, LeakAnswersDto, LeakInput } from './leaked-secrets.dto.js';

/** `/v1/leaked-secrets`: a secret was found where it should not be, so its key ends. */
@AdministrationController('/v1/leaked-secrets', 'Leaked secrets')
export class LeakedSecretsController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(AnswerLeak) private readonly leaks: AnswerLeak,
  ) {}

  @Post()
  @UsesCommand('v-revoke-secret')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Delete the keys that leaked secrets belong to',
    description:
      'All keys that have one of them, with the keys that those made, in one change: all of them or none. No node accepts them when the answer comes. A secret of no known key is answered with `unknown`; too many of those in a minute, and none that a key has, with 429. A secret without its ID is compared with every key: more of them than can be compared at once are refused with `limit_reached`.',
  })
  @ApiOkResponse({ type: LeakAnswersDto })
  async revoke(@Req() request: FastifyRequest, @Body() { secrets }: LeakInput): Promise<LeakAnswersDto> {
    const leaked = secrets.flatMap((text) => parseLeakedSecret(text) ?? []);
    return this.useCases.run(request, [secrets.join('\n')], async ({ caller, origin }) => {
      requireEverything(caller);
      if (leaked.length < secrets.length) throw notSecrets();
      const answers = await whileThere(request, (gone) =>
        this.leaks.revoke(leaked, caller.client, origin, gone),
      );
      if ('reason' in answers)
        throw problemOfDenial(answers, { accessKeyId: '', command: 'v-revoke-secret' });
      return showAnswers(secrets.length, answers);
    });
  }
}

function notSecrets(): Problem {
  const detail = 'expected secrets of 40 characters, ID:SECRET, or legacy keys of 32 characters';
  const errors = [{ field: 'secrets', message: detail }];
  return new Problem({ status: 400, reason: 'invalid_input', detail: `secrets: ${detail}`, errors });
}

function showAnswers(count: number, { items, withoutTag, byIdAlone }: LeakAnswers): LeakAnswersDto {
  const ofEach = Array.from({ length: count }, (_, index) => items.filter((one) => one.index === index));
  return {
    items: ofEach.flatMap(([first, ...others]) =>
      first === undefined ? [] : [{ ...showKey(first), otherKeys: others.map(showKey) }],
    ),
    accessKeysNotCompared: withoutTag,
    secretsComparedByIdAlone: byIdAlone,
  };
}

function showKey({ owner, isRevoked, made }: LeakAnswer): Pick<KeyOfLeakDto, keyof KeyOfLeakDto> {
  return {
    accessKeyId: owner.kind === 'access_key' ? owner.id : null,
    legacyKeyId: owner.kind === 'legacy_key' ? (owner.id ?? null) : null,
    user: owner.kind === 'access_key' ? (owner.user ?? null) : null,
    state: owner.state,
    isRevoked,
    deletedWithIt: [...made],
  };
}
