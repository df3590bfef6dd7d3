import { Get, Inject, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RoleSuggester, usualSpanMs } from '../../../authorization/suggest/role-suggester.js';
import type { SubjectKind } from '../../../authorization/suggest/suggestion.js';
import { ApiOkResponse, ApiOperation } from '../../openapi/describe.js';
import { AccessKeyIdPipe } from '../access-keys/access-key-id.pipe.js';
import { AdministrationController, UsesCommand } from '../operation.js';
import { UseCases } from '../use-cases.js';
import { showSuggestion } from './suggestion-view.js';
import { SuggestionDto, SuggestionQuery } from './suggestion.dto.js';

const description =
  'The smallest role that would have allowed all that was allowed and still is, from the record of the node that answers.';

/** What keys use, and the smallest role that is enough for it. */
@AdministrationController('/v1', 'Insight')
export class SuggestionsController {
  constructor(
    @Inject(UseCases) private readonly useCases: UseCases,
    @Inject(RoleSuggester) private readonly suggester: RoleSuggester,
  ) {}

  @Get('access-keys/:accessKeyId/suggestion')
  @UsesCommand('v-suggest-api')
  @ApiOperation({ operationId: 'suggestForKey', summary: 'Suggest the smallest role of a key', description })
  @ApiOkResponse({ type: SuggestionDto })
  ofKey(
    @Req() request: FastifyRequest,
    @Param('accessKeyId', AccessKeyIdPipe) id: string,
    @Query() query: SuggestionQuery,
  ): Promise<SuggestionDto> {
    return this.suggest(request, 'key', id, query);
  }

  @Get('users/:user/suggestion')
  @UsesCommand('v-suggest-api')
  @ApiOperation({
    operationId: 'suggestForUser',
    summary: 'Suggest the smallest role of all keys of a user',
    description,
  })
  @ApiOkResponse({ type: SuggestionDto })
  ofUser(
    @Req() request: FastifyRequest,
    @Param('user') user: string,
    @Query() query: SuggestionQuery,
  ): Promise<SuggestionDto> {
    return this.suggest(request, 'user', user, query);
  }

  @Get('apis/:api/suggestion')
  @UsesCommand('v-suggest-api')
  @ApiOperation({
    operationId: 'suggestForApi',
    summary: 'Suggest what an API role can do without',
    description,
  })
  @ApiOkResponse({ type: SuggestionDto })
  ofApi(
    @Req() request: FastifyRequest,
    @Param('api') api: string,
    @Query() query: SuggestionQuery,
  ): Promise<SuggestionDto> {
    return this.suggest(request, 'api', api, query);
  }

  private suggest(
    request: FastifyRequest,
    kind: SubjectKind,
    name: string,
    { since }: SuggestionQuery,
  ): Promise<SuggestionDto> {
    return this.useCases.run(request, [name], async ({ caller }) => {
      const subject = await this.suggester.find(name, kind, caller.authority);
      const sinceMs = since === undefined ? Date.now() - usualSpanMs : Date.parse(since);
      const by = { authority: caller.authority, signal: request.signal };
      return showSuggestion(await this.suggester.suggest(subject, sinceMs, by));
    });
  }
}
