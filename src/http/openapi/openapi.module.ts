import { Module } from '@nestjs/common';
import { DocsController } from './pages/docs.controller.js';
import { DocsPages } from './pages/docs-pages.js';
import { OpenApi } from './openapi.js';
import { OpenApiController } from './openapi.controller.js';

/** The description of the HTTP interfaces: for programs, and for people. */
@Module({
  controllers: [OpenApiController, DocsController],
  providers: [OpenApi, DocsPages],
  exports: [OpenApi],
})
export class OpenApiModule {}
