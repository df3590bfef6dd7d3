import { Get, NotFoundException, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ConsoleController } from '../console-controller.js';
import { assetHeaders } from '../security-headers.js';
import { assets } from './assets.js';

/** `/console/assets/…`: a browser asks for each text once. */
@ConsoleController('/console/assets')
export class AssetsController {
  @Get(':asset')
  read(@Param('asset') name: string, @Res() reply: FastifyReply): void {
    const asset = Object.values(assets).find(({ path }) => path === `/console/assets/${name}`);
    if (asset === undefined) throw new NotFoundException();
    void reply
      .headers({ ...assetHeaders, 'Cache-Control': 'public, max-age=31536000, immutable' })
      .header('Content-Type', asset.type)
      .send(asset.text);
  }
}
