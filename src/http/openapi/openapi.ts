import { createHash } from 'node:crypto';
import { Injectable, type INestApplication } from '@nestjs/common';
import { buildDocument } from './build-document.js';
import type { OpenApiDocument } from './document.js';

/** A text that is served as it is, with its entity tag. */
export interface ServedText {
  text: string;
  entityTag: string;
}

export function servedText(text: string): ServedText {
  return { text, entityTag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
}

/** The OpenAPI document of this service. It is built when the first client asks for it, and then kept. */
@Injectable()
export class OpenApi {
  private app: INestApplication | undefined;
  private built: Promise<{ document: OpenApiDocument; json: ServedText }> | undefined;

  /** Before the first request. */
  describe(app: INestApplication): void {
    this.app = app;
  }

  read(): Promise<{ document: OpenApiDocument; json: ServedText }> {
    this.built ??= this.build();
    return this.built;
  }

  private async build() {
    if (this.app === undefined) throw new Error('there is no application to describe');
    const document = await buildDocument(this.app);
    return { document, json: servedText(`${JSON.stringify(document, null, 2)}\n`) };
  }
}
