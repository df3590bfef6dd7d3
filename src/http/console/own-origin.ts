import type { FastifyRequest } from 'fastify';
import type { Config } from '../../config/config.js';
import { transportOf } from '../administration/sessions/own-page.js';

/** Where the reader reaches the service, as his browser has it in its address bar: samples of requests go there. */
export function ownOrigin(request: FastifyRequest, config: Pick<Config, 'trustedProxies'>): string {
  const scheme = transportOf(request, config) === 'https' ? 'https' : 'http';
  return `${scheme}://${request.headers.host ?? ''}`;
}
